"""What speed costs and what it takes: each benchmark measures ours beside a plain thing in the same run."""

"""Who sees what, what may leave the house."""

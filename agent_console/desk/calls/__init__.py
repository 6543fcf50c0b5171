"""Taking a call and what comes of it."""

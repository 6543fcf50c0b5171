"""Where the server keeps what it knows: one seam, SQLite or PostgreSQL behind it."""

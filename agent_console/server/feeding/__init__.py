"""Who is told what, when asked and at once."""

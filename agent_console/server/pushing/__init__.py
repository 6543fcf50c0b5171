"""What a seat sends: proved, decided again, written."""

"""A work order from raising to the archive."""

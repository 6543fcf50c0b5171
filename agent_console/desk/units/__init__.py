"""The directory and the log-ins of units."""

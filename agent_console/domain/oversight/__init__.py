"""Lists, reports and the records a line keeps of its units."""

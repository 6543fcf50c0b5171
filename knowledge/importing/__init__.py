"""Documents into articles."""

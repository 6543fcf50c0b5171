"""The seam to the telephone."""

"""What leaves the house or is erased, and who looked at it."""

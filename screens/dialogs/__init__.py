"""Small windows over the seat: choosing, asking, guiding."""

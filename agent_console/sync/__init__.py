"""What goes to the server and comes from it."""

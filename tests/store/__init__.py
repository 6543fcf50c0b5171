"""The seat's file: what it promises, and that it keeps it when killed, crowded or out of space."""

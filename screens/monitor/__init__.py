"""The team lead's monitor."""

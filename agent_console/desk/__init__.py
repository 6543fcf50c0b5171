"""The verbs of the hotline, one module each."""

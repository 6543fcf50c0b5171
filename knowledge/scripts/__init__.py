"""Guided dialogues: say, ask, branch, end."""

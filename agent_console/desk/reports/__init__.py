"""Figures, lists and reports."""

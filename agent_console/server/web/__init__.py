"""Requests and answers: addresses, forms, the published schema."""

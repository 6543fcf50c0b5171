"""A call, its matters and what became of them; the seat that took it."""

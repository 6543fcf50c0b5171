"""The steps of an order and what can be done with it now."""

"""A terminal seat for the operators of China's 12345 government hotlines."""

__version__ = "0.1.0"

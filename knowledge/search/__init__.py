"""Finds entries from what hands on a keyboard produce, at every key.

`SearchEngine` (engine.py) is the interface; `SearchEntry` goes in, `Hit` comes out (entry.py).
"""

"""The life of a knowledge article, and what was looked for in vain."""

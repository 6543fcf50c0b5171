"""A terminal seat for the operators of China's 12345 government hotlines."""

import os

__version__ = "0.1.0"

# One note is too little arithmetic to share: threads of the library would wait for each other, by 30 ms at worst.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

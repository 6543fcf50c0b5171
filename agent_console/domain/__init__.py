"""The pure heart: rule books, working time, deadlines, calls, matters, orders. No I/O, no clock, no framework."""

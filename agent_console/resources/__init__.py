"""Finds and parses `data/` and `keymaps/`, in a checkout or a wheel; builds rule books and calendars."""

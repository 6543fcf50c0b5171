"""Who may speak to the server: accounts, sessions, devices, the keys of roles, and what they did."""

"""How long something may take: units of time, limits, due times and why."""

"""What the team lead's monitor reads and decides: seats, lists, alarms, hot events, figures of the shift."""

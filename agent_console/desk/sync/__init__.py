"""The seat's side of a server: what it sends, what it takes in, what it decides again, what a person has to settle."""

"""The units, lines and items of a city, and which unit an order goes to."""

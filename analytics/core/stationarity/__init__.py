"""Whether one series has a unit root, and of which order."""

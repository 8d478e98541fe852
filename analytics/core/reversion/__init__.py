"""How a spread comes back, and whether that differs from a random walk."""

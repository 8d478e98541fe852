"""API tokens: what a script shows in place of a login."""

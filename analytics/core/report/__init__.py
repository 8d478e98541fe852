"""Everything that is said about a pair over one window of bars."""

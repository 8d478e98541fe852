"""REST under /api/v1/: who may ask, how answers and errors look, and the operations."""

"""Numbers inside sentences."""

from collections.abc import Mapping


def p_words(p: float) -> str:
    """`p = 0.042`, or `p < 0.001`."""
    return f"p = {p:.3f}" if p >= 0.001 else "p < 0.001"


def critical_words(critical: Mapping[str, float]) -> str:
    return ", ".join(f"{level} {value:.2f}" for level, value in critical.items())

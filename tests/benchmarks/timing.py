"""CPU time of one call, ours and the baseline's in turn, and the line that says it."""

import json
import statistics
import time
from collections.abc import Callable

ROUNDS = 5


def cpu_us(work: Callable[[], object], repeat: int) -> float:
    """CPU microseconds of one call, compiled and warm."""
    start = time.process_time()
    for _ in range(repeat):
        work()
    return (time.process_time() - start) / repeat * 1e6


def in_turn(
    ours: Callable[[], object], theirs: Callable[[], object], repeat: tuple[int, int]
) -> tuple[float, float, float]:
    """Medians of both sides and of their ratio, measured one after the other ROUNDS times."""
    ours(), theirs()
    pairs = [(cpu_us(ours, repeat[0]), cpu_us(theirs, repeat[1])) for _ in range(ROUNDS)]
    ratios = [b / a for a, b in pairs]
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs), statistics.median(ratios)


def report(
    name: str, figures: tuple[float, float, float], baseline_name: str, goal: float, **more: object
) -> list[str]:
    """Print one JSON line; the name of the bench when its ratio misses the goal."""
    ours, baseline, ratio = figures
    line = {"name": name, "ours": round(ours, 3), "baseline": round(baseline, 2), "unit": "us CPU"}
    line |= {"ratio": round(ratio, 1), "baseline_name": baseline_name, "goal": goal, **more}
    print(json.dumps(line), flush=True)
    return [] if ratio >= goal else [f"{name} {ratio:.1f}x, goal {goal}x"]

"""A week of one-second statistics as a drawing asks for it: time, memory, and what the live sockets beside it feel.

The whole answer through Django, in a thread of a process whose event loop ticks beside it, as in the web process. The
baseline is what a user would write: rows by the ORM, minimum and maximum of each pixel by numpy.
"""

import asyncio
import json
import resource
import statistics
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np

ROWS, PIXELS, ROUNDS = 604_800, 1_000, 5
START_S = 1_700_000_000
#: CPU of this process against the baseline
GOAL = 12.0
TICK_S = 0.001


def main() -> None:
    from tests import servers

    try:
        ratio = _measure()
    finally:
        servers.stop_servers()
    if ratio < GOAL:
        sys.exit(f"series_week: {ratio:.1f}x, goal {GOAL}x")


def _measure() -> float:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    client, spec_id = _prepare()
    query = {"from": START_S * 1_000, "to": (START_S + ROWS) * 1_000, "pixels": PIXELS}

    def ours() -> int:
        response = client.get(f"/api/v1/series/spec.{spec_id}", query)
        assert response.status_code == 200
        return len(response.content)

    def theirs() -> int:
        return _usual(spec_id)

    ours()
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    runs = [asyncio.run(_beside_a_loop(ours)) for _ in range(ROUNDS)]
    peak_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb
    usual = [asyncio.run(_beside_a_loop(theirs)) for _ in range(2)]
    cpu, usual_cpu = (statistics.median(run["cpu_s"] for run in each) for each in (runs, usual))
    line = {
        "name": "series_week_1s",
        "ours": round(cpu, 3),
        "baseline": round(usual_cpu, 2),
        "unit": "s CPU of the web process",
        "ratio": round(usual_cpu / cpu, 1),
        "baseline_name": "values_list and numpy",
        "goal": GOAL,
        "rows": ROWS,
        "pixels": PIXELS,
        "wall_s": round(statistics.median(run["wall_s"] for run in runs), 3),
        "baseline_wall_s": round(statistics.median(run["wall_s"] for run in usual), 2),
        "loop_late_ms": {"p99": _ms(runs, "p99_s"), "longest": _ms(runs, "longest_s")},
        "baseline_loop_late_ms": {"p99": _ms(usual, "p99_s"), "longest": _ms(usual, "longest_s")},
        "memory_mb": round(peak_kb / 1_024, 1),
        "answer_kb": round(ours() / 1_024),
    }
    print(json.dumps(line), flush=True)
    return usual_cpu / cpu


def _ms(runs: list[dict[str, float]], name: str) -> float:
    return round(statistics.median(run[name] for run in runs) * 1_000, 1)


async def _beside_a_loop(work: Callable[[], int]) -> dict[str, float]:
    """Run the work in a thread; how late the loop's own ticks of TICK_S are meanwhile."""
    late: list[float] = []
    done = threading.Event()
    began, began_cpu = time.perf_counter(), time.process_time()
    running = asyncio.get_running_loop().run_in_executor(None, _then, work, done)
    while not done.is_set():
        due = time.perf_counter() + TICK_S
        await asyncio.sleep(TICK_S)
        late.append(time.perf_counter() - due)
    await running
    return {
        "wall_s": time.perf_counter() - began,
        "cpu_s": time.process_time() - began_cpu,
        "p99_s": float(np.quantile(late, 0.99)),
        "longest_s": max(late),
    }


def _then(work: Callable[[], int], done: threading.Event) -> int:
    from django.db import connections

    try:
        return work()
    finally:
        connections.close_all()
        done.set()


def _prepare() -> tuple[Any, int]:
    from django.db import connection
    from django.test import Client

    from accounts.models import User
    from analytics.choices import Choice
    from analytics.models import Pair, PairSpec
    from market.models import Instrument

    owner = User.objects.create(username="bench", email="bench@example.org")
    y, x = (Instrument.objects.create(venue="bench", symbol=name) for name in ("AAAUSDT", "BBBUSDT"))
    spec = PairSpec.objects.create(y=y, x=x, **Choice.default().columns)
    Pair.objects.create(owner=owner, spec=spec)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO analytics_snapshot (spec_id, opened_at, seq, price_y, price_x, hedge_ratio, intercept, spread,"
            " zscore, correlation, unknown) SELECT %s, to_timestamp(%s + n), n, 100 + random(), 50 + random(),"
            " 1 + random(), random(), random(), CASE WHEN n %% 50 > 0 THEN random() * 4 - 2 END, random(), '{}'"
            " FROM generate_series(0, %s) n",
            [spec.pk, START_S, ROWS - 1],
        )
        cursor.execute("VACUUM ANALYZE analytics_snapshot")
    client = Client(SERVER_NAME="localhost")
    client.force_login(owner)
    return client, spec.pk


def _usual(spec_id: int) -> int:
    from analytics.models import Snapshot
    from analytics.series import COLUMNS

    rows = Snapshot.objects.filter(spec_id=spec_id).order_by("opened_at").values_list("opened_at", *COLUMNS.values())
    table = np.array([(opened.timestamp(), *values) for opened, *values in rows], np.float64)
    parts = np.array_split(table[:, 1:], PIXELS)
    picked = [[np.nanmin(part, axis=0).tolist(), np.nanmax(part, axis=0).tolist()] for part in parts]
    return len(json.dumps(picked))


if __name__ == "__main__":
    main()

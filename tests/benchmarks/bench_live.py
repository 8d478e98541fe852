"""500 live pair specs on 1 s bars: CPU of the live worker for each second of the market, tests and push included.

Bars are laid into Postgres as the bar worker does; then the worker is told, as its queue tells it. Counted is the CPU
of this process (the worker) from the message to the published frames, and that of Postgres beside it.
"""

import json
import os
import sys
import time
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from market.core.types import F64

SYMBOLS, SPECS, HISTORY_S, SECONDS = 64, 500, 7_600, 60
#: CPU seconds of the worker in one second of the market
GOAL = 1.0
START_MS = 1_700_000_000_000 // 256_000 * 256_000


def main() -> None:
    from tests import servers

    try:
        _prepare()
        figures = _measure()
    finally:
        servers.stop_servers()
    if figures["worker"] >= GOAL:
        sys.exit(f"live_500: {figures['worker']:.2f} CPU s a second, goal below {GOAL}")


def _prepare() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def _measure() -> dict[str, float]:
    from analytics.pipeline import LiveShard

    specs = _specs()
    closes = _closes()
    _lay(closes, 0, HISTORY_S)
    _cursor(HISTORY_S, batch=1)
    shard = LiveShard(0)
    began = time.process_time()
    shard.start()
    cold = time.process_time() - began
    first_report = _reports()
    worker, postgres, wall = [], [], []
    for second in range(HISTORY_S, HISTORY_S + SECONDS):
        _lay(closes, second, second + 1)
        batch = second - HISTORY_S + 2
        _cursor(second + 1, batch=batch)
        before = time.process_time(), _postgres_cpu(), time.perf_counter()
        published = shard.advance(_step(second, batch))
        worker.append(time.process_time() - before[0])
        postgres.append(_postgres_cpu() - before[1])
        wall.append(time.perf_counter() - before[2])
        assert published == len(specs), published
    began = time.process_time()
    LiveShard(0).start()
    restart = time.process_time() - began
    figures = {
        "restart_cpu_s": restart,
        "worker": float(np.mean(worker)),
        "postgres": float(np.mean(postgres)),
        "slowest_wall_s": float(np.max(wall)),
        "median_wall_s": float(np.median(wall)),
        "cold_start_cpu_s": cold,
        "reports": _reports() - first_report,
    }
    print(
        json.dumps(
            {
                "name": "live_500_specs_1s",
                "ours": round(figures["worker"], 3),
                "baseline": GOAL,
                "unit": "CPU s of the worker a market second",
                "ratio": round(GOAL / figures["worker"], 1),
                "baseline_name": "one core",
                "postgres_cpu_s": round(figures["postgres"], 3),
                "median_wall_s": round(figures["median_wall_s"], 3),
                "slowest_wall_s": round(figures["slowest_wall_s"], 3),
                "first_computation_cpu_s": round(figures["cold_start_cpu_s"], 1),
                "restart_cpu_s": round(figures["restart_cpu_s"], 1),
                "reports_a_second": round(figures["reports"] / SECONDS, 1),
            }
        ),
        flush=True,
    )
    return figures


def _specs() -> list[int]:
    from accounts.models import User
    from analytics.choices import Choice
    from analytics.models import Pair, PairSpec
    from market.models import Instrument

    owner = User.objects.create(username="bench", email="bench@example.org")
    legs = [Instrument.objects.create(venue="bench", symbol=f"S{n:03}USDT") for n in range(SYMBOLS)]
    made = []
    for y, x in list(combinations(legs, 2))[:SPECS]:
        spec = PairSpec.objects.create(y=y, x=x, **Choice.default().columns)
        Pair.objects.create(owner=owner, spec=spec)
        made.append(spec.pk)
    return made


def _closes() -> F64:
    random = np.random.default_rng(1)
    common = np.cumsum(random.normal(0, 2e-4, HISTORY_S + SECONDS))
    own = np.cumsum(random.normal(0, 1e-4, (SYMBOLS, HISTORY_S + SECONDS)), axis=1)
    return 100.0 * np.exp(common + own)


def _lay(closes: F64, start: int, stop: int) -> None:
    """Final bars of the seconds [start, stop) of all symbols."""
    from django.db import connection

    from market.models import Instrument

    ids = list(Instrument.objects.order_by("id").values_list("id", flat=True))
    names = (
        "instrument_id, timeframe, opened_at, source, open, high, low, close, volume, quote_volume, buy_volume,"
        " trades, first_id, last_id, first_ms, last_ms, revision, flags"
    )
    connection.ensure_connection()
    with connection.connection.cursor() as cursor, cursor.copy(f"COPY market_bar ({names}) FROM STDIN") as copy:
        for instrument, row in zip(ids, closes, strict=True):
            for second in range(start, stop):
                ms = START_MS + second * 1_000
                price = float(row[second])
                opened = np.datetime64(ms, "ms").astype(str) + "+00"
                numbers = (price, price, price, price, 1.0, price, 0.5, 5, second * 5, second * 5 + 4, ms, ms + 900)
                copy.write_row((instrument, 1, opened, 0, *numbers, 0, 1))


def _cursor(stop: int, *, batch: int) -> None:
    from market.models import BarCursor

    watermarks = {"bench": START_MS + stop * 1_000 + 2_000}
    BarCursor.objects.update_or_create(shard=0, defaults={"batch_id": batch, "watermarks": watermarks})


def _step(second: int, batch: int) -> Any:
    from analytics.pipeline import Advance
    from market.models import Instrument

    ids = Instrument.objects.values_list("id", flat=True)
    opened_ms = START_MS + second * 1_000
    return Advance(
        0, batch - 1, batch, {"bench": opened_ms + 3_000}, {(instrument, 1): opened_ms for instrument in ids}
    )


def _reports() -> int:
    """Reports made so far: as many as have been stored, counted by their times."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT n_tup_ins + n_tup_upd FROM pg_stat_user_tables WHERE relname = 'analytics_pairreport'")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def _postgres_cpu() -> float:
    """CPU seconds of the server's processes: the parent of our backend and its children."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone() or (0,)
    parent = int(Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()[1])
    family = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return sum(_cpu(process) for process in (str(parent), *family))


def _cpu(process: str) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return sum(int(field) for field in fields[11:13]) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()

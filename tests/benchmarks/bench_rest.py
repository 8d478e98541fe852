"""The API for scripts: 100,000 bars as CSV and Arrow against COPY, and a list of 50 pairs against a bare ninja view.

The files go through a real daphne and are read to their end by one client; the baseline is `COPY … TO STDOUT CSV` of
the same rows and columns by psycopg, read to its end as well (psql sends the same statement; the wheels have no psql).
The list is asked of Django in this process, with a token, as is the bare view, which says who asks and nothing else.
"""

import http.client
import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

ROWS, PAIRS, ROUNDS, ASKED = 100_000, 50, 9, 40
START_S = 1_700_000_000
#: times of the baseline that ours may take
GOALS = {"csv": 3.0, "arrow": 2.0, "pairs": 3.0}
COLUMNS = "opened_at, open, high, low, close, volume, quote_volume, buy_volume, trades, revision, flags"


def main() -> None:
    from tests import servers

    try:
        missed = _measure()
    finally:
        servers.stop_servers()
    if missed:
        sys.exit(f"missed: {', '.join(missed)}")


def _measure() -> list[str]:
    import django

    django.setup()
    from django.core.management import call_command

    from tests.live.running import running_daphne

    call_command("migrate", verbosity=0)
    secret, instrument_id = _prepare()
    with running_daphne(LIVEPAIRS_API_RATE="1000000") as daphne:
        missed = [name for kind in ("csv", "arrow") for name in _file(kind, daphne.port, secret, instrument_id)]
    return [*missed, *_list(secret)]


def _file(kind: str, port: int, secret: str, instrument_id: int) -> list[str]:
    path = f"/api/v1/instruments/bench:AAAUSDT/bars?tf=1s&format={kind}"

    def ours() -> int:
        client = http.client.HTTPConnection("127.0.0.1", port)
        client.request("GET", path, headers={"Authorization": f"Bearer {secret}"})
        answer = client.getresponse()
        assert answer.status == 200, answer.read()
        size = len(answer.read())
        client.close()
        return size

    copied = _in_turn(ours, lambda: _copy(instrument_id))
    return _report(f"rest_bars_{kind}", copied, "COPY TO STDOUT CSV by psycopg", GOALS[kind], "s", bytes=ours())


def _copy(instrument_id: int) -> int:
    from django.db import connection

    connection.ensure_connection()
    query = (
        f"COPY (SELECT {COLUMNS} FROM market_bar WHERE instrument_id = {instrument_id} AND timeframe = 1"
        " AND source = 0 ORDER BY opened_at) TO STDOUT (FORMAT csv, HEADER)"
    )
    with connection.connection.cursor() as cursor, cursor.copy(query) as copy:
        return len(b"".join(bytes(block) for block in copy))


def _list(secret: str) -> list[str]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="localhost", headers={"Authorization": f"Bearer {secret}"})

    def ask(path: str) -> Any:
        answer = client.get(path)
        assert answer.status_code == 200, answer.content
        return answer

    assert len(ask("/api/v1/pairs").json()["items"]) == PAIRS

    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            ask(path)
        return len(captured)

    few, all_of_them = queries("/api/v1/pairs?limit=5"), queries("/api/v1/pairs")
    figures = _in_turn(
        lambda: [ask("/api/v1/pairs") for _ in range(ASKED)], lambda: [ask("/bench/bare") for _ in range(ASKED)]
    )
    missed = _report(
        "rest_pairs_50", figures, "bare ninja view with the same token", GOALS["pairs"], f"s for {ASKED}",
        queries=all_of_them, queries_of_5=few,
    )  # fmt: skip
    return missed if few == all_of_them else [*missed, "rest_pairs_50: queries grow"]


def _in_turn(ours: Callable[[], object], theirs: Callable[[], object]) -> tuple[float, float, float]:
    """Medians of both and of their ratio, measured one after the other."""
    ours(), theirs()
    pairs = [(_wall(ours), _wall(theirs)) for _ in range(ROUNDS)]
    return (
        statistics.median(a for a, _ in pairs),
        statistics.median(b for _, b in pairs),
        statistics.median(a / b for a, b in pairs),
    )


def _wall(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _report(
    name: str, figures: tuple[float, float, float], baseline: str, goal: float, unit: str, **more: object
) -> list[str]:
    """One JSON line. The ratio is ours to the baseline's: less is better, `goal` is the most."""
    ours, theirs, ratio = figures
    line = {"name": name, "ours": round(ours, 4), "baseline": round(theirs, 4), "unit": unit, "ratio": round(ratio, 2)}
    print(json.dumps(line | {"baseline_name": baseline, "goal": f"at most {goal}", **more}), flush=True)
    return [] if ratio <= goal else [f"{name} {ratio:.2f}, goal {goal}"]


def _prepare() -> tuple[str, int]:
    from django.conf import settings
    from django.db import connection
    from django.urls import clear_url_caches, path
    from ninja import NinjaAPI

    from accounts.models import User
    from accounts.tokens.use import make_token
    from analytics.choices import Choice
    from analytics.models import Pair, PairSpec
    from analytics.rest.access import TokenAuth
    from livepairs import urls
    from market.models import Instrument

    settings.API_RATE = 1_000_000
    bare = NinjaAPI(auth=TokenAuth(), urls_namespace="bench", docs_url=None)

    @bare.get("/bare")
    def nothing(request: Any) -> dict[str, str]:
        return {"user": request.user.username}

    urls.urlpatterns.append(path("bench/", bare.urls))
    clear_url_caches()
    owner = User.objects.create(username="bench", email="bench@example.org")
    names = ["AAAUSDT", *(f"X{at}USDT" for at in range(PAIRS))]
    y, *others = (Instrument.objects.create(venue="bench", symbol=name) for name in names)
    for x in others:
        spec = PairSpec.objects.create(y=y, x=x, **Choice.default().columns)
        Pair.objects.create(owner=owner, spec=spec)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO analytics_snapshot (spec_id, opened_at, seq, price_y, price_x, hedge_ratio, intercept, spread,"
            " zscore, correlation, unknown) SELECT s.id, to_timestamp(%s + n), n, 100 + random(), 50 + random(),"
            " 1 + random(), random(), random(), random() * 4 - 2, random(), '{}'"
            " FROM analytics_pairspec s, generate_series(0, 999) n",
            [START_S],
        )
        # Prices and sizes with as many digits as an exchange sends
        cursor.execute(
            "INSERT INTO market_bar (instrument_id, timeframe, source, opened_at, open, high, low, close, volume,"
            " quote_volume, buy_volume, trades, first_id, last_id, first_ms, last_ms, revision, flags)"
            " SELECT %s, 1, 0, to_timestamp(%s + n), p, p + 3.1, p - 2.7, p + 0.3, v,"
            " round((p * v)::numeric, 4), v / 2, 20, n * 20, n * 20 + 19, 0, 0, 0, 1"
            " FROM (SELECT n, round((60000 + random() * 900)::numeric, 1)::float8 p,"
            " round((random() * 9)::numeric, 3)::float8 v FROM generate_series(1, %s) n) r",
            [y.pk, START_S, ROWS],
        )
        cursor.execute("VACUUM ANALYZE market_bar")
        cursor.execute("VACUUM ANALYZE analytics_snapshot")
    return make_token(owner, "bench", ["read", "export"], 7).secret, y.pk


if __name__ == "__main__":
    main()

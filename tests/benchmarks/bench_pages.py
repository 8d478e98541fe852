"""Pages under 32 clients at once, in a real web process: p99 against a bare Django view of the same process.

The bare view is `/healthz`: no database, no session, no template; what daphne and the middleware cost is in both.
"""

import json
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import numpy as np

CLIENTS, EACH, ROUNDS = 32, 12, 3
PAIRS = 20
BARE = "/healthz"
#: name of the figure, path, is somebody logged in
PAGES = (
    ("login_page", "/accounts/login/", False),
    ("settings_page", "/settings/", True),
    ("logins_page", "/settings/logins/", True),
    ("dashboard_list", "/dashboard/", True),
)


def main() -> None:
    from tests import servers

    try:
        _measure()
    finally:
        servers.stop_servers()


def _measure() -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    os.environ.setdefault("DATABASE_URL", settings.DATABASE_URL)
    call_command("collectstatic", interactive=False, verbosity=0)
    cookie = _prepare()
    from tests.browser.site import Site, free_port

    with tempfile.TemporaryDirectory() as folder:
        for name, path, is_member in PAGES:
            # A process of its own for each: its idle database connections end with it
            site = Site(free_port(), Path(folder) / "daphne.log")
            site.start()
            try:
                _report(name, path, site.port, cookie if is_member else "")
            finally:
                site.kill()


def _prepare() -> str:
    """A user with a list of pairs; the session cookie."""
    from itertools import combinations

    from django.test import Client

    from accounts.models import User
    from analytics.pairs import add_pair
    from market.models import FeedControl, Instrument

    FeedControl.objects.create(id=1, venue="simulated")
    user = User.objects.create(username="bench", email="bench@example.org")
    legs = [Instrument.objects.create(venue="simulated", symbol=f"S{number}USDT") for number in range(8)]
    for y, x in list(combinations(legs, 2))[:PAIRS]:
        add_pair(user, y, x)
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return f"sessionid={client.cookies['sessionid'].value}"


def _report(name: str, path: str, port: int, cookie: str) -> None:
    figures: dict[str, list[float]] = {"ours": [], "bare": []}
    for _ in range(ROUNDS):
        # In turn, so that a busy moment of the machine hits both
        figures["bare"].append(_p99(port, BARE, ""))
        figures["ours"].append(_p99(port, path, cookie))
    ours, bare = statistics.median(figures["ours"]), statistics.median(figures["bare"])
    line: dict[str, Any] = {
        "name": f"{name}_p99_{CLIENTS}_clients",
        "ours": round(ours * 1_000, 1),
        "baseline": round(bare * 1_000, 1),
        "unit": "ms",
        "ratio": round(ours / bare, 1),
        "baseline_name": "bare Django view",
    }
    print(json.dumps(line), flush=True)


def _p99(port: int, path: str, cookie: str) -> float:
    """Seconds of one answer that 99 of 100 do not exceed."""
    start = threading.Barrier(CLIENTS)

    def client(_: int) -> list[float]:
        connection = HTTPConnection("localhost", port)
        ask = _asking(connection, path, cookie)
        ask()
        start.wait()
        return [ask() for _ in range(EACH)]

    with ThreadPoolExecutor(CLIENTS) as pool:
        times = [seconds for each in pool.map(client, range(CLIENTS)) for seconds in each]
    return float(np.quantile(times, 0.99))


def _asking(connection: HTTPConnection, path: str, cookie: str) -> Callable[[], float]:
    def ask() -> float:
        began = time.perf_counter()
        connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
        response = connection.getresponse()
        response.read()
        assert response.status == 200, f"{path}: {response.status}"
        return time.perf_counter() - began

    return ask


if __name__ == "__main__":
    main()

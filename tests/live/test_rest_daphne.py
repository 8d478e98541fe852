"""The API through a real daphne: what pandas reads from an address, streamed, and how much memory that takes."""

import http.client
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from django.db import connection

from accounts.tokens.use import make_token
from tests.live.conftest import Cast
from tests.live.running import Daphne, running_daphne

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = 400_000
MEGABYTE = 1_000_000


@pytest.fixture
def daphne(transactional_db: None) -> Iterator[Daphne]:
    with running_daphne() as daphne:
        yield daphne


@pytest.fixture
def secret(cast: Cast) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO market_bar (instrument_id, timeframe, source, opened_at, open, high, low, close, volume,"
            " quote_volume, buy_volume, trades, first_id, last_id, first_ms, last_ms, revision, flags)"
            " SELECT %s, 1, 0, to_timestamp(1700000000 + n), 1 + n, 2 + n, 0.5 + n, 1.1 + n, 1, 1, 1, 1, 0, 0, 0, 0, 0,"
            " 1"
            " FROM generate_series(0, %s) n",
            [cast.spec.y_id, ROWS - 1],
        )
    return make_token(cast.alice, "pandas", ["export"], 7).secret


def address(daphne: Daphne, kind: str) -> str:
    return f"http://127.0.0.1:{daphne.port}/api/v1/instruments/simulated:AAAUSDT/bars?tf=1s&format={kind}"


def test_pandas_reads_an_address(secret: str, daphne: Daphne) -> None:
    table = pd.read_csv(
        address(daphne, "csv"), storage_options={"Authorization": f"Bearer {secret}"}, parse_dates=["opened_at"]
    )
    assert len(table) == ROWS
    assert table["opened_at"].iloc[-1] == pd.Timestamp(1_700_000_000 + ROWS - 1, unit="s", tz="UTC")
    assert (table["close"] - table["open"]).round(9).eq(0.1).all()


def test_a_file_is_made_block_by_block(secret: str, daphne: Daphne) -> None:
    path = address(daphne, "arrow").partition(str(daphne.port))[2]
    # A short one brings the libraries in
    fetch(daphne, f"{path}&to=1700000010000", secret)
    before = daphne.memory()
    body = fetch(daphne, path, secret)
    assert pa.ipc.open_stream(body).read_all().num_rows == ROWS
    assert len(body) > 30 * MEGABYTE
    assert peak_memory(daphne) - before < len(body) / 2


def fetch(daphne: Daphne, path: str, secret: str) -> bytes:
    client = http.client.HTTPConnection("127.0.0.1", daphne.port)
    client.request("GET", path, headers={"Authorization": f"Bearer {secret}"})
    answer = client.getresponse()
    assert answer.getheader("Transfer-Encoding") == "chunked"
    body = answer.read()
    client.close()
    return body


def peak_memory(daphne: Daphne) -> int:
    """The most memory that the process ever had."""
    (line,) = [each for each in Path(f"/proc/{daphne.process}/status").read_text().splitlines() if "VmHWM" in each]
    return int(line.split()[1]) * 1_024


def test_answered_requests_keep_no_connection_to_the_database(secret: str, daphne: Daphne) -> None:
    for _ in range(40):
        assert daphne.get("/api/v1/me", {"Authorization": f"Bearer {secret}"}).status in (200, 403)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        # That of the test, and of the daphne at most one for its sockets and one of the last request
        assert cursor.fetchone()[0] <= 3

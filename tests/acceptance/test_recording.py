"""A recording through simulator, ingest, Postgres, Celery and socket as real processes, judged independently."""

import asyncio
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from tests.acceptance.recordings import SHARED, Print, make_recording, read_prints
from tests.acceptance.visitor import Follower, Visitor
from tests.stack import Exchange, Stack, running_stack
from tests.waiting import wait_until

pytestmark = pytest.mark.acceptance

HEDGE, Z, CORRELATION = 120, 60, 60
LATENESS_MS = 2_000


class Played:
    """A recording after it went through the whole product."""

    def __init__(self, stack: Stack, visitor: Visitor, spec: int, prints: dict[str, list[Print]]) -> None:
        self.stack, self.visitor, self.spec, self.prints = stack, visitor, spec, prints
        self.follower = Follower(f"spec.{spec}")
        self.bars = Follower("bars.binance:BTCUSDT@5s")

    @property
    def watermark_ms(self) -> int:
        return max(p.ms for prints in self.prints.values() for p in prints)


# Where the real recording is, the made one is for the long run
SEEDED = pytest.param("seeded", marks=[pytest.mark.slow] if SHARED.exists() else [])


@pytest.fixture(scope="module", params=["real", SEEDED])
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    folder = SHARED
    if request.param == "real" and not SHARED.exists():
        pytest.skip(f"the shared recording is not here: {SHARED}")
    if request.param == "seeded":
        folder = tmp_path_factory.mktemp("recording")
        make_recording(folder, seed=7)
    prints = read_prints(folder)
    log = tmp_path_factory.mktemp("exchange") / "log"
    exchange = Exchange("--recording", str(folder), "--keep-times", "--speed", "30", log=log)
    settings = {"LIVEPAIRS_SYMBOLS": "ETHUSDT", "LIVEPAIRS_WARMUP_MINUTES": "0"}
    try:
        with running_stack(**exchange.environment, **settings) as stack:
            # The exchange plays once both symbols are subscribed: the pair's second leg does that
            visitor = Visitor(stack, "alice")
            wait_until(lambda: stack.value("SELECT count(*) FROM market_instrument") >= 2, what="instruments")
            windows = {"hedge": HEDGE, "z": Z, "correlation": CORRELATION}
            spec = visitor.add_pair("BTCUSDT", "ETHUSDT", timeframe="1s", **windows)
            played = Played(stack, visitor, spec, prints)
            asyncio.run(_follow_to_the_end(played, exchange))
            yield played
            visitor.http.close()
    finally:
        exchange.stop()


async def _follow_to_the_end(played: Played, exchange: Exchange) -> None:
    """Listen from the start until the newest snapshot was delivered and nothing more is to come."""
    wanted = sum(len(prints) for prints in played.prints.values())
    newest = pd.Timestamp(last_final_ms(played), unit="ms", tz="UTC").to_pydatetime()

    def is_done() -> bool:
        stored = played.stack.value("SELECT count(*) FROM market_tick")
        if stored < wanted or not exchange.control("state")["finished"]:
            return False
        done = "SELECT count(*) FROM analytics_snapshot WHERE spec_id = %s AND opened_at = %s"
        return bool(played.stack.value(done, played.spec, newest))

    async with played.visitor.socket() as socket, played.visitor.socket() as other:
        listening = asyncio.create_task(played.follower.follow(socket, until=2**62))
        watching = asyncio.create_task(played.bars.follow(other, until=2**62))
        await asyncio.to_thread(wait_until, is_done, guard=300, what="the end of the recording")
        seq = played.stack.value("SELECT seq FROM analytics_pairspec WHERE id = %s", played.spec)
        await asyncio.to_thread(wait_until, lambda: (played.follower.seq or 0) >= seq, guard=60, what="the last frame")
        batch = played.stack.value(f"SELECT max(batch) {OF_BARS}")
        await asyncio.to_thread(wait_until, lambda: (played.bars.seq or 0) >= batch, guard=60, what="the last bar")
        listening.cancel()
        watching.cancel()


OF_BARS = (
    "FROM market_bar b JOIN market_instrument i ON i.id = b.instrument_id WHERE symbol = 'BTCUSDT' AND timeframe = 5"
)


def last_final_ms(played: Played) -> int:
    """Open of the last 1 s slot whose end the watermark passed by the allowed lateness."""
    return (played.watermark_ms - LATENESS_MS) // 1000 * 1000 - 1000


def expected_frame(prints: list[Print]) -> pd.DataFrame:
    frame = pd.DataFrame([vars(p) for p in sorted(prints, key=lambda p: p.trade_id)])
    frame["price"], frame["size"] = frame.price.astype(float), frame["size"].astype(float)
    return frame


def test_every_market_trade_is_there_once_with_exact_price_and_size(played: Played) -> None:
    for symbol, prints in played.prints.items():
        rows = played.stack.rows(
            "SELECT trade_id, (extract(epoch FROM traded_at) * 1000)::bigint, price, size, is_buyer_maker"
            " FROM market_tick JOIN market_instrument i ON i.id = instrument_id WHERE symbol = %s ORDER BY trade_id",
            symbol,
        )
        wanted = sorted((p.trade_id, p.ms, float(p.price), float(p.size), p.is_buyer_maker) for p in prints)
        assert rows == wanted
        # float64 keeps the text: what the exchange sent can be printed again
        assert all(float(repr(float(p.price))) == float(p.price) for p in prints)


def test_the_ticks_of_two_days_are_in_two_partitions(played: Played) -> None:
    days = {pd.Timestamp(p.ms, unit="ms").strftime("%Y%m%d") for prints in played.prints.values() for p in prints}
    assert len(days) == 2
    for day in days:
        assert played.stack.value(f"SELECT count(*) FROM market_tick_{day}") > 0


def test_bars_equal_pandas(played: Played) -> None:
    for symbol, prints in played.prints.items():
        frame = expected_frame(prints)
        frame["quote"] = frame.price * frame["size"]
        frame["bought"] = frame["size"].where(~frame.is_buyer_maker, 0.0)
        for seconds in (1, 5, 15, 60, 300, 900, 3600):
            groups = frame.groupby(frame.ms // (seconds * 1000) * (seconds * 1000))
            expected = pd.DataFrame(
                {
                    "open": groups.price.first(),
                    "high": groups.price.max(),
                    "low": groups.price.min(),
                    "close": groups.price.last(),
                    "trades": groups.price.count(),
                    "first_id": groups.trade_id.min(),
                    "last_id": groups.trade_id.max(),
                    "volume": groups["size"].sum(),
                    "quote_volume": groups.quote.sum(),
                    "buy_volume": groups.bought.sum(),
                }
            )
            rows = played.stack.rows(
                "SELECT (extract(epoch FROM opened_at) * 1000)::bigint, open, high, low, close, trades, first_id,"
                " last_id, volume, quote_volume, buy_volume FROM market_bar b"
                " JOIN market_instrument i ON i.id = b.instrument_id"
                " WHERE symbol = %s AND timeframe = %s ORDER BY opened_at",
                symbol,
                seconds,
            )
            assert [row[0] for row in rows] == list(expected.index)
            exact = ["open", "high", "low", "close", "trades", "first_id", "last_id"]
            assert [row[1:8] for row in rows] == [tuple(values) for values in expected[exact].itertuples(index=False)]
            sums = np.array([row[8:] for row in rows])
            np.testing.assert_allclose(sums, expected[["volume", "quote_volume", "buy_volume"]], rtol=1e-11)


def closes(prints: list[Print], slots: np.ndarray[Any, Any]) -> pd.DataFrame:
    """Close of each second, carried while the last tick is at most 5 s older than the slot's end."""
    frame = expected_frame(prints)
    last = frame.groupby(frame.ms // 1000 * 1000).agg(price=("price", "last"), ms=("ms", "max"))
    on_grid = last.reindex(slots, method="ffill")
    real = pd.Series(slots).isin(last.index).to_numpy()
    young = (slots + 1000 - on_grid.ms.to_numpy()) <= 5_000
    return pd.DataFrame({"price": np.where(real | young, on_grid.price, np.nan), "real": real}, index=slots)


def test_scores_equal_statsmodels(played: Played) -> None:
    """Hedge ratio, intercept, spread and z of sampled slots, from the prints and statsmodels alone."""
    first = max(min(p.ms for p in prints) for prints in played.prints.values()) // 1000 * 1000
    slots = np.arange(first, last_final_ms(played) + 1000, 1000)
    y, x = (closes(played.prints[symbol], slots) for symbol in ("BTCUSDT", "ETHUSDT"))
    logs_y, logs_x = np.log(y.price.to_numpy()), np.log(x.price.to_numpy())
    bad = ~(y.real & x.real).to_numpy()
    stored = {
        int(row[0]): row[1:]
        for row in played.stack.rows(
            "SELECT (extract(epoch FROM opened_at) * 1000)::bigint, hedge_ratio, intercept, spread, zscore"
            " FROM analytics_snapshot WHERE spec_id = %s",
            played.spec,
        )
    }
    assert set(stored) == set(slots.tolist())
    compared = 0
    for t in range(HEDGE + 1, len(slots), 7):
        hedge, window = slice(t - HEDGE, t), slice(t - Z, t)
        is_known = bad[hedge].mean() <= 0.05 and bad[window].mean() <= 0.05 and not np.isnan(logs_y[t] + logs_x[t])
        row = stored[int(slots[t])]
        if not is_known:
            assert row[3] is None
            continue
        # About the means: statsmodels on raw log levels loses the digits that the spread needs
        both = np.where(np.isnan(logs_y + logs_x), np.nan, [logs_y, logs_x])
        mean_y, mean_x = np.nanmean(both[:, hedge], axis=1)
        fit = sm.OLS(logs_y[hedge] - mean_y, sm.add_constant(logs_x[hedge] - mean_x), missing="drop").fit()
        ratio = fit.params[1]
        intercept = fit.params[0] + mean_y - ratio * mean_x
        spread = logs_y - intercept - ratio * logs_x
        seen = spread[window][~np.isnan(spread[window])]
        z = (spread[t] - seen.mean()) / seen.std(ddof=1)
        np.testing.assert_allclose(row, [ratio, intercept, spread[t], z], rtol=1e-8, atol=1e-12)
        compared += 1
    assert compared > 10


def test_the_socket_delivered_the_last_snapshot_and_every_point(played: Played) -> None:
    rows = played.stack.rows(
        "SELECT (extract(epoch FROM opened_at) * 1000)::bigint, price_y, price_x, zscore FROM analytics_snapshot"
        " WHERE spec_id = %s ORDER BY opened_at",
        played.spec,
    )
    newest = rows[-1]
    told = played.follower.points[newest[0]]
    assert (told["y"], told["x"], told["z"]) == newest[1:]
    assert played.follower.holes == 0
    for opened, y, x, z in rows:
        point = played.follower.points[opened]
        assert (point["y"], point["x"], point["z"]) == (y, x, z)


def test_old_state_and_deltas_equal_a_fresh_snapshot(played: Played) -> None:
    fresh = Follower(played.follower.topic)
    fresh.take(played.visitor.topic(played.follower.topic, points=5_000))
    assert fresh.seq == played.follower.seq
    assert fresh.points == played.follower.points


def test_the_socket_delivered_every_bar_as_it_is_stored(played: Played) -> None:
    rows = played.stack.rows(
        "SELECT (extract(epoch FROM opened_at) * 1000)::bigint, open, high, low, close, volume, quote_volume, trades,"
        f" flags {OF_BARS} ORDER BY opened_at"
    )
    told = [tuple(played.bars.points[opened][name] for name in "tohlcvqnf") for opened, *_ in rows]
    assert told == rows
    assert len(played.bars.points) == len(rows)
    assert (played.bars.holes, played.bars.frames > 10) == (0, True)


def test_stored_bars_of_any_range_are_those_of_the_socket(played: Played) -> None:
    times = sorted(played.bars.points)
    query = {"from": times[0], "to": times[-1]}
    answer = played.visitor.http.get(f"/api/v1/series/{played.bars.topic}", params=query)
    points = answer.json()["points"]
    assert points["t"] == times
    assert points["c"] == [played.bars.points[t]["c"] for t in times]


def test_no_tick_was_lost_or_waits(played: Played) -> None:
    assert played.stack.value("SELECT count(*) FROM market_gap") == 0
    assert played.stack.value("SELECT count(*) FROM market_quarantinedframe") == 0

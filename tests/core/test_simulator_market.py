"""The generated market: what it promises, and that its truth can be found in its data."""

import math

import numpy as np
import pytest

from market.simulator.ledger import Ledger
from market.simulator.market import MINUTE_MS, STEPS, MarketModel, minute_of, model_of, start_of
from market.simulator.source import MarketSource
from market.simulator.symbols import CONTRACTS, MAJORS, contracts_named
from market.simulator.truth import Truth, truths

START_MS = 1_790_000_000_000
MINUTE = minute_of(START_MS)
SEED = 7


def model(rate: float = 60.0, *symbols: str, seed: int = SEED) -> MarketModel:
    return model_of(seed=seed, contracts=contracts_named(symbols), rate=rate)


@pytest.fixture(scope="module")
def market() -> MarketModel:
    return model()


def test_groups_are_large_and_the_odd_ones_are_there() -> None:
    pairs = truths(SEED)
    assert len({truth.y for truth in pairs} | {truth.x for truth in pairs}) >= 12
    names = {contract.symbol: contract for contract in CONTRACTS}
    assert {"1000PEPEUSDT", "BTCUSDT_261225", "龙虾USDT"} <= set(names)
    assert [contract.symbol for contract in CONTRACTS if contract.status != "TRADING"] == ["LUNAUSDT"]
    assert names["BTCUSDT_261225"].pair == "BTCUSDT"


def test_another_seed_is_another_truth() -> None:
    assert truths(1) == truths(1)
    assert all(one.hedge_ratio != other.hedge_ratio for one, other in zip(truths(1)[:11], truths(2)[:11], strict=True))


def test_a_minute_is_the_same_whoever_makes_it(market: MarketModel) -> None:
    fresh = model()
    later = market.trades("ETHUSDT", MINUTE + 5)
    assert (fresh.trades("ETHUSDT", MINUTE + 5) == later).all()
    assert (model(seed=8).trades("ETHUSDT", MINUTE + 5)["price"] != later["price"]).any()


def test_a_subset_of_symbols_keeps_their_prices(market: MarketModel) -> None:
    alone = model(60.0, "ETHUSDT")
    assert (alone.log_prices("ETHUSDT", MINUTE) == market.log_prices("ETHUSDT", MINUTE)).all()


@pytest.mark.parametrize("symbol", [contract.symbol for contract in CONTRACTS])
def test_minutes_join_without_seam(market: MarketModel, symbol: str) -> None:
    path = np.concatenate([market.log_prices(symbol, MINUTE + place) for place in range(3)])
    steps = np.abs(np.diff(path))
    assert steps[[STEPS - 1, 2 * STEPS - 1]].max() < 6 * np.sqrt((steps**2).mean())


@pytest.mark.parametrize("rate", [60.0, 5_000.0])
def test_ids_are_consecutive_and_frames_are_merged_as_on_the_venue(rate: float) -> None:
    busy = model(rate)
    for symbol in ("BTCUSDT", "ETCUSDT", "FILUSDT", "龙虾USDT"):
        rows = np.concatenate([busy.trades(symbol, MINUTE + place) for place in range(3)])
        assert (np.diff(rows["a"]) == 1).all()
        assert (np.diff(rows["traded_ms"]) >= 0).all()
        assert (rows["last"] >= rows["first"]).all()
        assert (rows["first"][1:] > rows["last"][:-1]).all()
        key = np.stack([rows["price"], rows["is_buyer_maker"], rows["traded_ms"] // 100])
        assert np.unique(key, axis=1).shape[1] == len(rows)
        assert ((rows["sent_ms"] - rows["traded_ms"] >= 148) & (rows["sent_ms"] - rows["traded_ms"] <= 160)).all()
        assert ((rows["net"] <= rows["size"]) & (rows["size"] > 0)).all()


def test_raw_ids_are_skipped_in_healthy_data(market: MarketModel) -> None:
    rows = market.trades("BTCUSDT", MINUTE)
    assert (rows["first"][1:] - rows["last"][:-1] > 1).any()


def test_prices_lie_on_the_tick_grid(market: MarketModel) -> None:
    for contract in CONTRACTS:
        mantissa, scale = contract.tick_parts
        rows = market.trades(contract.symbol, MINUTE)
        assert (rows["price"] % mantissa == 0).all()
        assert (rows["price_scale"] == scale).all()


def test_the_rate_is_the_sum_over_all_symbols() -> None:
    for rate in (60.0, 5_000.0):
        busy = model(rate)
        total = sum(busy.trades_per_minute(contract.symbol) for contract in CONTRACTS)
        assert total / 60 == pytest.approx(rate, rel=0.01)


def test_majors_trade_nearly_every_second(market: MarketModel) -> None:
    for symbol in MAJORS:
        rows = np.concatenate([market.trades(symbol, MINUTE + place) for place in range(10)])
        assert len(np.unique(rows["traded_ms"] // 1000)) >= 0.99 * 600


def test_quiet_halted_and_bursty_symbols(market: MarketModel) -> None:
    assert market.trades_per_minute("FILUSDT") == model(5_000.0).trades_per_minute("FILUSDT") == 3
    assert len(market.trades("LUNAUSDT", MINUTE)) == 0
    for symbol, is_bursty in (("DOGEUSDT", True), ("BTCUSDT", False)):
        times = market.trades(symbol, MINUTE)["traded_ms"]
        busiest = max(np.count_nonzero((times >= at) & (times < at + 3_000)) for at in times.tolist())
        assert bool(busiest > 0.25 * len(times)) is is_bursty


def test_names_the_market_does_not_know_become_walks_of_their_own() -> None:
    rows = model(60.0, "BTCUSDT", "S001USDT").trades("S001USDT", MINUTE)
    assert len(rows) > 100


@pytest.mark.parametrize("truth", truths(SEED), ids=lambda truth: truth.y)
def test_hedge_ratio_and_half_life_can_be_found_again(market: MarketModel, truth: Truth) -> None:
    """Least squares on eight hours of mid prices; the half-life by AR(1) of the true spread at 5 s."""
    minutes = range(MINUTE, MINUTE + 480)
    y, x = (np.concatenate([market.log_prices(leg, at) for at in minutes])[::50] for leg in (truth.y, truth.x))
    ratio, _ = np.polyfit(x, y, 1)
    effective = 480 * 60 * math.log(2) / (2 * truth.half_life_seconds)
    error = truth.spread_std / x.std() / math.sqrt(effective)
    assert abs(ratio - truth.hedge_ratio) < 5 * error
    assert error < 0.05
    spread = y - truth.intercept - truth.hedge_ratio * x
    assert spread.std() == pytest.approx(truth.spread_std, rel=5 / math.sqrt(effective))
    phi = float(spread[1:] @ spread[:-1] / (spread[:-1] @ spread[:-1]))
    expected = 0.5 ** (5 / truth.half_life_seconds)
    assert abs(phi - expected) < 5 * math.sqrt((1 - expected**2) / len(spread))


def test_trades_follow_the_mid_price(market: MarketModel) -> None:
    rows = market.trades("BTCUSDT", MINUTE)
    mid = np.exp(market.log_prices("BTCUSDT", MINUTE))[(rows["traded_ms"] - start_of(MINUTE)) // 100]
    assert np.abs(rows["price"] / 100 / mid - 1).max() < 1e-5


def played(source: MarketSource, times: list[int]) -> list[tuple[str, int]]:
    return [(batch.symbol, a) for at in times for batch in source.due(at) for a in batch.rows["a"].tolist()]


@pytest.mark.parametrize("begin_ms", [START_MS + 123, start_of(MINUTE + 1), start_of(MINUTE + 1) + 100])
def test_the_past_and_the_present_are_one_market(market: MarketModel, begin_ms: int) -> None:
    """History up to a moment plus what is due afterwards is every trade once, however often one asks."""
    ledger, source = Ledger(), MarketSource(market)
    source.fill(ledger, since_ms=begin_ms - 5 * MINUTE_MS, wall_ms=begin_ms)
    past = {symbol: one.rows["a"].tolist() for symbol, one in ledger.items()}
    live = played(source, list(range(begin_ms, begin_ms + 3 * MINUTE_MS, 777)))
    assert all(one.rows["sent_ms"][-1] <= begin_ms for _, one in ledger.items())
    for contract in CONTRACTS:
        symbol = contract.symbol
        ids = past.get(symbol, []) + [a for name, a in live if name == symbol]
        assert ids == list(range(ids[0], ids[0] + len(ids))) if ids else symbol == "LUNAUSDT"
    assert len(live) > 3 * 60 * 50


def test_a_restart_continues_the_same_market(market: MarketModel) -> None:
    first, second = Ledger(), Ledger()
    MarketSource(market).fill(first, since_ms=START_MS - 10 * MINUTE_MS, wall_ms=START_MS)
    MarketSource(model()).fill(second, since_ms=START_MS - 5 * MINUTE_MS, wall_ms=START_MS + 4 * MINUTE_MS)
    common = first["ETHUSDT"].from_id(int(second["ETHUSDT"].rows["a"][0]))
    assert len(common) > 1_000
    assert (common == second["ETHUSDT"].rows[: len(common)]).all()

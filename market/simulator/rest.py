"""The REST side of the exchange as a function: request target in, answer out, over the ledger."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from market.simulator import replies
from market.simulator.candles import INTERVALS, MONTH, klines
from market.simulator.decimals import join
from market.simulator.faults import FaultBox
from market.simulator.frames import rest_row
from market.simulator.funding import interval_rows, premium_row, settled_rows
from market.simulator.ledger import Ledger, Rows
from market.simulator.listing import exchange_info
from market.simulator.replies import Query, QueryError, Reply, answer
from market.simulator.symbols import Contract
from market.simulator.weights import Budget

_HOUR_MS = 3_600_000
_DAY_MS = 24 * _HOUR_MS
_BASE = "/fapi/v1/"

Weigh = Callable[[Query], int]
Handle = Callable[[Query], Reply]


class RestApi:
    """Every endpoint over one ledger. `clock_ms` is the time of the exchange."""

    def __init__(
        self,
        ledger: Ledger,
        contracts: tuple[Contract, ...],
        *,
        clock_ms: Callable[[], int],
        depth_ms: int = _DAY_MS,
        budget: Budget | None = None,
        faults: FaultBox | None = None,
    ) -> None:
        self._ledger = ledger
        self._contracts = {contract.symbol: contract for contract in contracts}
        self._clock_ms = clock_ms
        self._depth_ms = depth_ms
        self._faults = faults or FaultBox()
        self.budget = budget or Budget()
        self.calls = 0
        self._endpoints: Mapping[str, tuple[Weigh | int, Handle]] = {
            "ping": (1, lambda query: answer({})),
            "time": (1, lambda query: answer({"serverTime": self._clock_ms()})),
            "exchangeInfo": (1, self._exchange_info),
            "aggTrades": (20, self._agg_trades),
            "trades": (5, self._trades),
            "klines": (_kline_weight, self._klines),
            "fundingRate": (0, self._funding_rate),
            "fundingInfo": (0, self._funding_info),
            "premiumIndex": (_by_symbol(1, 10), self._premium_index),
            "ticker/24hr": (_by_symbol(1, 40), self._ticker),
        }

    def handle(self, target: str) -> Reply:
        """Answer a GET of `target` (path and query)."""
        self.calls += 1
        address = urlsplit(target)
        refusal = self._refuse_by_fault()
        if refusal is not None:
            return refusal
        endpoint = self._endpoints.get(address.path.removeprefix(_BASE)) if address.path.startswith(_BASE) else None
        if endpoint is None:
            return replies.unknown_path(address.path)
        weigh, handle = endpoint
        query = Query.parse(address.query)
        try:
            weight = weigh if isinstance(weigh, int) else weigh(query)
            reply = self._charge(weight) or handle(query)
        except QueryError as refused:
            reply = refused.reply
        return Reply(reply.status, reply.body, {**reply.headers, "X-MBX-USED-WEIGHT-1M": str(self.budget.used)})

    def _charge(self, weight: int) -> Reply | None:
        now = self._clock_ms()
        status = self.budget.spend(weight, now) if weight else self.budget.spend_funding(now)
        if status == 429:
            return replies.too_many(self.budget.limit, self.budget.retry_after(now))
        if status == 418:
            return replies.banned(self.budget.banned_until_ms, self.budget.retry_after(now))
        return None

    def _refuse_by_fault(self) -> Reply | None:
        name = self._faults.refusal("rest")
        return None if name is None else self.refusal(name)

    def refusal(self, name: str) -> Reply:
        """The answer of a refusal that was switched on."""
        retry = (self._faults.get(name) or {}).get("retry", 0)
        match name:
            case "429":
                return replies.too_many(self.budget.limit, retry)
            case "418":
                return replies.banned(self._clock_ms() + 1000 * retry, retry)
            case "451":
                return replies.restricted()
            case "403":
                return replies.forbidden()
        return replies.broken()

    def _contract(self, query: Query) -> Contract:
        contract = self._contracts.get(query.required("symbol"))
        if contract is None:
            raise QueryError(-1121, "Invalid symbol.")
        return contract

    def _chosen(self, query: Query) -> list[Contract]:
        return [self._contract(query)] if query.text("symbol") else list(self._contracts.values())

    def _served(self, symbol: str) -> Rows:
        """What the exchange still serves of a symbol."""
        return self._ledger[symbol].between(self._clock_ms() - self._depth_ms, 2**62)

    def _exchange_info(self, query: Query) -> Reply:
        listed = tuple(self._contracts.values())
        return answer(exchange_info(listed, now_ms=self._clock_ms(), weight_limit=self.budget.limit))

    def _agg_trades(self, query: Query) -> Reply:
        contract = self._contract(query)
        limit = query.limit(500, 1000)
        rows = _page(self._served(contract.symbol), query, limit)
        if self._faults.get("empty-page") is not None:
            rows = rows[:0]
        late = self._faults.get("late-page")
        if late is not None:
            rows = rows[late["skip"] :]
        return Reply(200, ("[" + ",".join(rest_row(row) for row in rows.tolist()) + "]").encode())

    def _trades(self, query: Query) -> Reply:
        """The newest fills; the fills of one aggregate are answered as one, under its last id."""
        contract = self._contract(query)
        rows = _traded(self._served(contract.symbol))[-query.limit(500, 1000) :]
        return answer([_raw_trade(row) for row in rows])

    def _klines(self, query: Query) -> Reply:
        contract = self._contract(query)
        interval = query.required("interval")
        if interval not in INTERVALS and interval != MONTH:
            raise QueryError(-1120, "Invalid interval.")
        limit = query.limit(500, 1500)
        start, end = query.number("startTime"), query.number("endTime")
        found = klines(self._ledger[contract.symbol].rows, interval, until_ms=self._clock_ms())
        found = [kline for kline in found if (start is None or kline[0] >= start) and (end is None or kline[0] <= end)]
        return answer(found[:limit] if start is not None else found[-limit:])

    def _funding_rate(self, query: Query) -> Reply:
        limit = query.limit(100, 1000)
        now = self._clock_ms()
        start, end = query.number("startTime"), min(query.number("endTime") or now, now)
        first = start if start is not None else end - 33 * _DAY_MS
        rows = settled_rows(self._chosen(query), first, end, self._mark_text)
        return answer(rows[:limit] if start is not None else rows[-limit:])

    def _funding_info(self, query: Query) -> Reply:
        return answer(interval_rows(list(self._contracts.values())))

    def _premium_index(self, query: Query) -> Reply:
        now = self._clock_ms()
        rows = [premium_row(contract, now, self._mark_text(contract)) for contract in self._chosen(query)]
        return answer(rows[0] if query.text("symbol") else rows)

    def _mark_text(self, contract: Contract) -> str:
        rows = _traded(self._ledger[contract.symbol].rows[-1_000:])
        if len(rows) == 0:
            return f"{contract.base_price:.8f}"
        return _eight(rows[-1]["price"], rows[-1]["price_scale"])

    def _ticker(self, query: Query) -> Reply:
        rows = [self._day(contract) for contract in self._chosen(query)]
        return answer(rows[0] if query.text("symbol") else rows)

    def _day(self, contract: Contract) -> dict[str, Any]:
        now = self._clock_ms()
        rows = _traded(self._ledger[contract.symbol].between(now - _DAY_MS, now))
        if len(rows) == 0:
            return _quiet_day(contract.symbol, now)
        prices = rows["price"] / 10.0 ** rows["price_scale"]
        sizes = rows["size"] / 10.0 ** rows["size_scale"]
        decimals = int(rows["price_scale"].max())
        volume, quote = float(sizes.sum()), float(prices @ sizes)
        change = float(prices[-1] - prices[0])
        return {
            "symbol": contract.symbol,
            "priceChange": f"{change:.{decimals}f}",
            "priceChangePercent": f"{100 * change / float(prices[0]):.3f}",
            "weightedAvgPrice": f"{quote / volume:.{decimals}f}",
            "lastPrice": join(int(rows[-1]["price"]), int(rows[-1]["price_scale"])),
            "lastQty": join(int(rows[-1]["size"]), int(rows[-1]["size_scale"])),
            "openPrice": join(int(rows[0]["price"]), int(rows[0]["price_scale"])),
            "highPrice": f"{float(prices.max()):.{decimals}f}",
            "lowPrice": f"{float(prices.min()):.{decimals}f}",
            "volume": f"{volume:.{int(rows['size_scale'].max())}f}",
            "quoteVolume": f"{quote:.2f}",
            "openTime": now - _DAY_MS,
            "closeTime": int(rows[-1]["traded_ms"]),
            "firstId": int(rows[0]["first"]),
            "lastId": int(rows[-1]["last"]),
            "count": int((rows["last"] - rows["first"] + 1).sum()),
        }


def _page(rows: Rows, query: Query, limit: int) -> Rows:
    """The rows of one aggTrades request; ids and times are inclusive."""
    from_id, start, end = query.number("fromId"), query.number("startTime"), query.number("endTime")
    times = rows["traded_ms"]
    if from_id is not None:
        if start is not None or end is not None:
            raise QueryError(-1128, "Combination of optional parameters invalid.")
        return rows[np.searchsorted(rows["a"], from_id) :][:limit]
    if start is not None and end is not None:
        if end < start:
            raise QueryError(-1130, "Data sent for parameter 'endTime' is not valid.")
        if end - start >= _HOUR_MS:
            raise QueryError(-1127, "Lookup interval is too big.")
    if end is not None:
        rows = rows[: np.searchsorted(times, end, side="right")]
    if start is None:
        return rows[-limit:]
    return rows[np.searchsorted(rows["traded_ms"], start) :][:limit]


def _traded(rows: Rows) -> Rows:
    """Without the prints of size 0, which are no trades."""
    return rows[rows["size"] > 0]


def _raw_trade(row: Any) -> dict[str, Any]:
    price_scale, size_scale = int(row["price_scale"]), int(row["size_scale"])
    price, size = int(row["price"]), int(row["size"])
    return {
        "id": int(row["last"]),
        "price": join(price, price_scale),
        "qty": join(size, size_scale),
        "quoteQty": join(price * size, price_scale + size_scale),
        "time": int(row["traded_ms"]),
        "isBuyerMaker": bool(row["is_buyer_maker"]),
        "isRPITrade": bool(row["net"] < row["size"]),
    }


def _quiet_day(symbol: str, now_ms: int) -> dict[str, Any]:
    names = "priceChange priceChangePercent weightedAvgPrice lastPrice lastQty openPrice highPrice lowPrice volume"
    zeros = dict.fromkeys((*names.split(), "quoteVolume"), "0")
    times = {"openTime": now_ms - _DAY_MS, "closeTime": now_ms}
    return {"symbol": symbol, **zeros, **times, "firstId": -1, "lastId": -1, "count": 0}


def _eight(mantissa: Any, scale: Any) -> str:
    return join(int(mantissa) * 10 ** (8 - int(scale)), 8)


def _by_symbol(one: int, every: int) -> Weigh:
    return lambda query: one if query.text("symbol") else every


def _kline_weight(query: Query) -> int:
    limit = query.limit(500, 1500)
    return 1 if limit < 100 else 2 if limit < 500 else 5 if limit <= 1000 else 10

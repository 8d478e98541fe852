"""What goes wrong on the way: faults by name, switched on and off while the exchange runs.

Faults change what is sent, never what is true: the ledger keeps every trade as it was. `zero-price` alone makes
prints that really exist, since the real venue has them.
"""

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from market.errors import LivepairsError
from market.simulator.ledger import Rows
from market.simulator.source import Batch

#: Name -> parameters with their defaults. `symbol` "" means all symbols, `every` counts trades of one symbol.
FAULTS: dict[str, dict[str, Any]] = {
    "silent": {"symbol": ""},
    "cut": {"every": 10.0},
    "gap": {"symbol": "", "every": 50, "drop": 3},
    "duplicate": {"symbol": "", "every": 10},
    "reorder": {"symbol": "", "every": 10},
    "corrupt": {"symbol": "", "every": 25},
    "zero-price": {"symbol": "", "every": 20},
    "unknown-keys": {},
    "missing-keys": {},
    "st2": {"symbol": "", "every": 10},
    "half-open": {},
    "late-ack": {"delay": 1.0},
    "slow-rest": {"delay": 2.0},
    "429": {"retry": 5},
    "418": {"retry": 120},
    "451": {"where": "both"},
    "403": {"where": "rest"},
    "rest-500": {},
    "empty-page": {},
    "late-page": {"skip": 5},
}
_REFUSALS = ("451", "403", "418", "429", "rest-500")


class FaultError(LivepairsError):
    """A fault or parameter the exchange does not know."""


@dataclass(frozen=True)
class Fault:
    """One fault with its parameters."""

    name: str
    values: dict[str, Any]

    def concerns(self, symbol: str) -> bool:
        return self.values.get("symbol", "") in {"", symbol}


def fault_of(name: str, given: dict[str, str]) -> Fault:
    """The fault of this name, its parameters checked and put to their types."""
    if name not in FAULTS:
        raise FaultError(f"Unknown fault {name!r}: use one of {', '.join(FAULTS)}.")
    known = FAULTS[name]
    values = dict(known)
    for key, text in given.items():
        if key not in known:
            allowed = ", ".join(known) or "none"
            raise FaultError(f"Fault {name} has no parameter {key!r}: it knows {allowed}.")
        try:
            values[key] = type(known[key])(text)
        except ValueError:
            raise FaultError(f"Fault {name}: {key}={text!r} is not a number.") from None
        if isinstance(values[key], int | float) and not values[key] > 0:
            raise FaultError(f"Fault {name}: {key} must be above 0, not {text}.")
    return Fault(name, values)


def fault_from_text(text: str) -> Fault:
    """`NAME[:key=value,…]` as on the command line."""
    name, _, rest = text.partition(":")
    pairs = [part.partition("=") for part in rest.split(",") if part]
    for key, equals, _ in pairs:
        if not equals:
            raise FaultError(f"Fault {text!r}: write parameters as name:key=value, not {key!r}.")
    return fault_of(name, {key: value for key, _, value in pairs})


@dataclass
class FaultBox:
    """The faults that are on, and what they have counted so far."""

    active: dict[str, Fault] = field(default_factory=dict)
    _seen: Counter[tuple[str, str]] = field(default_factory=Counter)
    _held: dict[str, str] = field(default_factory=dict)

    def switch_on(self, fault: Fault) -> None:
        self.active[fault.name] = fault

    def switch_off(self, name: str) -> None:
        self.active.pop(name, None)

    def get(self, name: str) -> dict[str, Any] | None:
        """Parameters of a fault, None while it is off."""
        fault = self.active.get(name)
        return fault.values if fault else None

    def refusal(self, where: str) -> str | None:
        """The refusal in force at `where` ("rest" or "ws"), if any."""
        for name in _REFUSALS:
            values = self.get(name)
            if values is not None and values.get("where", "rest") in {where, "both"}:
                return name
        return None

    def at_source(self, batch: Batch) -> Batch:
        """Zero prints: every n-th id of the symbol becomes a trade of price and size 0, on the wire and in truth."""
        fault = self.active.get("zero-price")
        if fault is None or not fault.concerns(batch.symbol):
            return batch
        is_zero = batch.rows["a"] % fault.values["every"] == 0
        if not is_zero.any():
            return batch
        return Batch(batch.symbol, _zeroed(batch.rows, is_zero))

    def on_the_way(self, symbol: str, texts: list[str]) -> list[str]:
        """The payloads of one symbol as the clients get them."""
        if not self.active and not self._held:
            return texts
        for name, change in _CHANGES.items():
            fault = self.active.get(name)
            if fault is not None and fault.concerns(symbol):
                texts = change(self, fault, symbol, texts)
        if "reorder" not in self.active and symbol in self._held:
            texts = [self._held.pop(symbol), *texts]
        return texts

    def _is_turn(self, fault: Fault, symbol: str) -> bool:
        self._seen[fault.name, symbol] += 1
        return bool(self._seen[fault.name, symbol] % fault.values["every"] == 0)

    def _silence(self, fault: Fault, symbol: str, texts: list[str]) -> list[str]:
        return []

    def _drop(self, fault: Fault, symbol: str, texts: list[str]) -> list[str]:
        """The last `drop` of every `every` frames are lost."""
        kept = []
        for text in texts:
            place = self._seen["gap", symbol] % fault.values["every"]
            self._seen["gap", symbol] += 1
            if place < fault.values["every"] - fault.values["drop"]:
                kept.append(text)
        return kept

    def _double(self, fault: Fault, symbol: str, texts: list[str]) -> list[str]:
        return [copy for text in texts for copy in ([text, text] if self._is_turn(fault, symbol) else [text])]

    def _swap(self, fault: Fault, symbol: str, texts: list[str]) -> list[str]:
        """Every n-th frame waits and is sent after the one that follows it."""
        sent = []
        for text in texts:
            held = self._held.pop(symbol, None)
            if held is None and self._is_turn(fault, symbol):
                self._held[symbol] = text
                continue
            sent.append(text)
            if held is not None:
                sent.append(held)
        return sent

    def _spoil(self, fault: Fault, symbol: str, texts: list[str]) -> list[str]:
        """Every n-th frame is broken, in a new way each time."""
        return [
            _SPOILERS[self._seen[fault.name, symbol] // fault.values["every"] % len(_SPOILERS)](text)
            if self._is_turn(fault, symbol)
            else text
            for text in texts
        ]

    def _add_keys(self, fault: Fault, symbol: str, texts: list[str]) -> list[str]:
        return [f'{text[:-1]},"zz":{{"new":[1,"two",null]}},"ps":"{symbol}"}}' for text in texts]

    def _take_keys(self, fault: Fault, symbol: str, texts: list[str]) -> list[str]:
        return [_without(text, ("nq", "st")) for text in texts]

    def _add_foreign(self, fault: Fault, symbol: str, texts: list[str]) -> list[str]:
        """Rows of the coin-margined market (`st` 2) between those of this one, with ids of their own."""
        return [copy for text in texts for copy in ([text, _foreign(text)] if self._is_turn(fault, symbol) else [text])]


_CHANGES = {
    "gap": FaultBox._drop,
    "st2": FaultBox._add_foreign,
    "missing-keys": FaultBox._take_keys,
    "unknown-keys": FaultBox._add_keys,
    "duplicate": FaultBox._double,
    "reorder": FaultBox._swap,
    "corrupt": FaultBox._spoil,
    "silent": FaultBox._silence,
}


def _with(text: str, **values: Any) -> str:
    return json.dumps({**json.loads(text), **values}, separators=(",", ":"), ensure_ascii=False)


def _without(text: str, names: tuple[str, ...]) -> str:
    kept = {key: value for key, value in json.loads(text).items() if key not in names}
    return json.dumps(kept, separators=(",", ":"), ensure_ascii=False)


def _foreign(text: str) -> str:
    return _with(text, a=json.loads(text)["a"] - 1_000_000_000, p="1.5", st=2)


_SPOILERS = (
    lambda text: text[: len(text) // 2],
    lambda text: _with(text, p=None, a="many"),
    lambda text: _with(text, p=float("nan"), q=float("inf")),
    lambda text: _with(text, p="9" * 400, q="1e999"),
    lambda text: _with(text, a=2**70, T=-1),
)


def _zeroed(rows: Rows, is_zero: Any) -> Rows:
    changed = rows.copy()
    for name in ("price", "size", "net", "price_scale", "size_scale", "net_scale"):
        changed[name][is_zero] = 0
    return changed

"""Requests of tests to the exchange itself, under `/_sim/`: faults, cuts, the truth, the state."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from market.simulator.faults import FaultBox, FaultError, fault_of
from market.simulator.frames import rest_row
from market.simulator.ledger import Ledger
from market.simulator.replies import Query, QueryError, Reply, answer, error

PREFIX = "/_sim/"
_NO_LIMIT = 2**31


class Control:
    """Answers `/_sim/…`. `cut` drops all sockets, `state` describes the exchange, `on_fault` hears of changes."""

    def __init__(
        self,
        ledger: Ledger,
        faults: FaultBox,
        *,
        cut: Callable[[], int],
        state: Callable[[], Mapping[str, Any]],
        on_fault: Callable[[], None],
    ) -> None:
        self._ledger = ledger
        self._faults = faults
        self._cut = cut
        self._state = state
        self._on_fault = on_fault

    def handle(self, target: str) -> Reply:
        address = urlsplit(target)
        query = Query.parse(address.query)
        try:
            match address.path.removeprefix(PREFIX):
                case "fault":
                    return self._fault(query)
                case "cut":
                    return answer({"cut": self._cut()})
                case "ledger":
                    return self._rows(query)
                case "state":
                    return answer(self._state())
        except QueryError as refused:
            return refused.reply
        return error(404, 0, f"No such control {address.path}: use fault, cut, ledger or state.")

    def _fault(self, query: Query) -> Reply:
        given = dict(query.values)
        name, is_on = given.pop("name", ""), given.pop("on", "1")
        try:
            fault = fault_of(name, given)
        except FaultError as wrong:
            return error(400, 0, str(wrong))
        if is_on == "1":
            self._faults.switch_on(fault)
        else:
            self._faults.switch_off(name)
        self._on_fault()
        return answer({"faults": {active.name: active.values for active in self._faults.active.values()}})

    def _rows(self, query: Query) -> Reply:
        rows = self._ledger[query.required("symbol")].from_id(query.number("fromId") or 0)
        limit = query.limit(_NO_LIMIT, _NO_LIMIT)
        return Reply(200, ("[" + ",".join(rest_row(row) for row in rows[:limit].tolist()) + "]").encode())

"""The plain form of a quick check."""

import json

import numpy as np

from analytics.core.quickcheck import quick_check, summary
from tests.core.tapes import tape_of

IN_OUT = [0.0, 2.5, 2.5, 2.5, 0.2, 0.2, 0.2, 0.2]


def test_it_is_json_with_null_and_reason() -> None:
    body = json.loads(json.dumps(summary(quick_check(tape_of(IN_OUT))), allow_nan=False))
    assert (body["n"], body["round_trips"], body["win_rate"], body["missed"]) == (8, 1, 0.0, 0)
    assert body["rules"]["entry"] == 2.0
    assert body["sharpe"] is None
    assert body["unknown"] == {"sharpe": "not enough trades: 1 of 30"}
    assert body["trades"][0]["entered_slot"] == 3
    assert body["trades"][0]["net"] == body["net"]
    assert body["open_trade"] is None


def test_a_check_that_knows_nothing_says_why_of_each_number() -> None:
    body = summary(quick_check(tape_of([np.nan] * 3)))
    json.dumps(body, allow_nan=False)
    numbers = ("net", "gross", "fees", "net_return", "drawdown", "win_rate", "mean_bars", "sharpe")
    assert body["reason"] == "no z-score in 3 bars"
    assert body["unknown"] == dict.fromkeys(numbers, "no z-score in 3 bars")
    assert [body[name] for name in numbers] == [None] * 8


def test_no_trade_is_no_win_rate() -> None:
    body = summary(quick_check(tape_of([0.0, 1.0, 0.0])))
    assert body["net"] == 0.0
    assert body["unknown"]["win_rate"] == body["unknown"]["mean_bars"] == "no round trip"


def test_trades_without_times_say_so() -> None:
    body = summary(quick_check(tape_of(IN_OUT, timed=False)))
    assert body["trades"][0]["entered_ms"] is None
    assert body["unknown"]["trades.entered_ms"] == "the bars have no time"

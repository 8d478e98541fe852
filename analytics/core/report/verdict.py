"""Whether a pair is cointegrated, in one word and one sentence (D8, D10, D11)."""

from dataclasses import dataclass
from typing import Literal

from analytics.core.report.pair import Report
from analytics.core.report.words import p_words

SIGNIFICANT = 0.05
Word = Literal["cointegrated", "undecided", "not cointegrated", "no statement"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """`word` and the `sentence` that gives its grounds."""

    word: Word
    sentence: str


def verdict(report: Report) -> Verdict:
    """Engle-Granger's combined p at 5 % and Johansen's rank 1 at 95 % must agree; both legs must be I(1) first."""
    tests = report.tests
    if tests.reason:
        return Verdict("no statement", tests.reason)
    for symbol, order in zip(report.sample.symbols, tests.orders, strict=True):
        if order.order != 1:
            return Verdict("no statement", f"{symbol}: {order.reason or order.statement}")
    both, rank = tests.engle_granger, tests.johansen
    reason = both.y_on_x.reason or both.x_on_y.reason or rank.reason
    if reason:
        return Verdict("no statement", reason)
    is_eg, is_johansen = both.pvalue < SIGNIFICANT, rank.rank == 1
    grounds = f"Engle-Granger {p_words(both.pvalue)} for both directions together, Johansen rank {rank.rank}"
    if is_eg and is_johansen:
        return Verdict("cointegrated", f"{grounds}: both tests say so at 5 %.")
    if is_eg or is_johansen:
        return Verdict("undecided", f"{grounds}: the tests do not agree at 5 %.")
    return Verdict("not cointegrated", f"{grounds}: neither test rejects at 5 % in this window.")

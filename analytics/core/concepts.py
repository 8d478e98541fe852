"""What holds for all numbers, in words: the first part of the method page."""

from dataclasses import dataclass

from analytics.core.align import CARRY_LIMIT_MS, CARRY_MS
from analytics.core.windows import HOLES_DIVISOR, MINIMUM_BARS
from market.core.bars import LATENESS_MS


@dataclass(frozen=True, slots=True)
class Concept:
    """One paragraph of the method page."""

    name: str
    title: str
    text: str
    source: str


CONCEPTS = (
    Concept(
        "data",
        "What goes in",
        "Trades as the exchange sends them, by consecutive trade ids, missing ones fetched again. Bars are folded from "
        "trades in the order of their ids. Simulated and recorded markets are instruments of their own and never mix "
        "with live ones; the banner and the footer name the market that is shown.",
        "Binance USD-M futures, aggregate trades",
    ),
    Concept(
        "final",
        "Final bars",
        f"A bar is final when the newest event time of its connection is {LATENESS_MS // 1000} s past the bar's end, "
        "whether or not the symbol itself traded; the wall clock closes nothing. A trade that comes later gives the bar "
        "a new revision, and every number that stood on it is computed anew. All statistics use final bars only, except "
        "the z-score of the forming bar, which is marked so.",
        "event time of the exchange",
    ),
    Concept(
        "alignment",
        "Two legs on one time grid",
        "Legs are joined by time, never by row. Where a leg has no trade in a bar its last price may stand for it, "
        f"flagged, while it is at most max({CARRY_MS // 1000} s, one bar) and never more than {CARRY_LIMIT_MS // 1000} s "
        "old at the end of the bar; otherwise the bar has no value and the reason names the leg and its age.",
        "Zhang (2011) on asynchronous trading",
    ),
    Concept(
        "windows",
        "Windows, warming up, holes",
        "A window of W bars is a stretch of time: the W bars before the scored one. First values are shown after "
        f"min(W, {MINIMUM_BARS}) bars and marked “warming up” until the window is full. With more than "
        f"{100 // HOLES_DIVISOR} % of its bars missing or carried a window says nothing.",
        "the same rule for fit, z-score and correlation",
    ),
    Concept(
        "space",
        "Price space",
        "Logarithms by default: ln y = α + β ln x + s, β is a notional ratio. Raw prices: y = α + β x + s, β is a ratio "
        "of units, and total least squares depends on the unit of a price. The correlation is of log returns in both.",
        "log returns add up, prices do not",
    ),
    Concept(
        "direction",
        "Which leg is dependent",
        "The pair says which leg is y. Least squares of y on x is not the inverse of x on y, so cointegration is tested "
        "both ways and the smaller p-value is doubled for having looked twice.",
        "least squares is not symmetric; Bonferroni for two tests",
    ),
    Concept(
        "lookahead",
        "No look ahead",
        "Nothing that is said of a bar knows a later one: the line and the window of its z-score end with the bar "
        "before it. A test cuts off the future of every metric and finds the past unchanged, bit for bit.",
        "what was known at the close of the bar before",
    ),
    Concept(
        "online",
        "Live equals history",
        "Running sums are formed anew at fixed bars and moved on by one bar in between, by the same code for a year of "
        "history and for the next second. A restart, a lost message or a replay gives the same bits.",
        "sums formed exactly every 256 bars",
    ),
    Concept(
        "lags",
        "Lags of unit-root tests",
        "Chosen by BIC up to ceil(12 (n/100)^¼) unless the pair says AIC or a number, and always shown: the choice can "
        "turn a verdict.",
        "Schwert (1989)",
    ),
)

"""Which metric stands where on the dashboard; nothing here names the metrics of its tables."""

from dataclasses import dataclass
from typing import Any

from analytics.core.metrics import GROUPS, Metric, metrics
from analytics.models import PairSpec
from market.models import Instrument

#: shown in the row of key figures
CARDS = {"zscore", "spread", "hedge_ratio", "correlation"}


#: panels that can be hidden, in their usual order
PANEL_TITLES = [
    {"key": key, "title": title}
    for key, title in {
        "prices": "Prices",
        "zscore": "z-score",
        "spread": "Spread",
        "correlation": "Rolling correlation",
        "candles": "Candles",
        "leadlag": "Lead and lag",
        "epps": "Correlation by bar length",
    }.items()
]


@dataclass(frozen=True, slots=True)
class Card:
    """A key figure of the top row. `about` says what it is: a metric, or a sentence of its own."""

    key: str
    title: str
    unit: str
    define: str
    metric: Metric | None = None
    about: str = ""


def cards(spec: PairSpec) -> list[Card]:
    """The key figures in their order."""
    named = {metric.name: metric for metric in metrics()}

    def of(key: str, name: str, title: str, unit: str = "") -> Card:
        return Card(key, title, unit, name, named[name])

    def price(key: str, leg: Instrument) -> Card:
        about = (
            "Price of the last trade, its change over the last day, trades of the last minute, and the funding rate."
        )
        return Card(key, leg.symbol, leg.quote_asset or "last", "concept-data", about=about)

    return [
        of("z", "zscore", "z-score", "σ"),
        of("spread", "spread", "Spread", spec.prices),
        of("beta", "hedge_ratio", "Hedge ratio β"),
        of("corr", "correlation", "Correlation"),
        of("pvalue", "engle_granger_p", "Engle-Granger p"),
        of("half_life", "half_life", "Half-life"),
        price("price_y", spec.y),
        price("price_x", spec.x),
    ]


def fit_metrics(hedge: str) -> list[Metric]:
    """What is known of the line of the newest bar; the innovation with the method that has one."""
    found = [metric for metric in metrics("bar") if metric.group == "fit"]
    return [metric for metric in found if metric.name != "innovation" or hedge == "kalman"]


def grouped(found: list[Metric]) -> list[dict[str, Any]]:
    """Groups in their order with those of the metrics that belong to them; empty ones are left out."""
    groups = [
        {"name": name, "title": title, "metrics": [metric for metric in found if metric.group == name]}
        for name, title in GROUPS.items()
    ]
    return [group for group in groups if group["metrics"]]


def check_metrics() -> list[Metric]:
    return [metric for metric in metrics("report") if metric.group == "check"]


def table_groups() -> list[dict[str, Any]]:
    """Everything that stands neither in a card nor in a panel of its own."""
    placed = CARDS | {metric.name for metric in [*fit_metrics("kalman"), *check_metrics()]}
    return grouped([metric for metric in metrics() if metric.name not in placed])

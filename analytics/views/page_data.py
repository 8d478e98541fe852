"""What the modules of a page must know before the first frame."""

import time
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from analytics.choices import columns_of
from analytics.core.described import shown
from analytics.core.hedges import method_named, methods
from analytics.core.windows import Windows
from analytics.links import Link, View, name_of, params_of, path_of
from analytics.models import Pair, PairSpec
from market.core.types import Timeframe
from market.models import Bar, Instrument


def page_data(pair: Pair | None, spec: PairSpec, link: Link) -> dict[str, Any]:
    """`topic` is null until the page has opened the pair by a POST to `open.url`."""
    timeframe = Timeframe(spec.timeframe)
    return {
        "now_ms": time.time_ns() // 1_000_000,
        "topic": spec.topic if pair else None,
        "open": {"url": reverse("pair_open"), "pair": name_of(spec), "params": params_of(link.choice)},
        "step": timeframe.ms,
        "timeframe": timeframe.label,
        "prices": spec.prices,
        "zone": link.zone,
        "y": _leg(spec.y),
        "x": _leg(spec.x),
        "bars": {name: f"bars.{leg}@{timeframe.label}" for name, leg in (("y", spec.y), ("x", spec.x))},
        "funding": {"y": f"funding.{spec.y}", "x": f"funding.{spec.x}"},
        "hedge": spec.hedge,
        "hedges": {name: {"title": method_named(name).title, "live": method_named(name).live} for name in methods()},
        "metrics": shown(),
        "method": reverse("method"),
        "windows": {label.label: columns_of(Windows.default(label)) for label in Timeframe},
        "link": {"path": path_of(spec), "params": link.params},
        "view": link.view.data,
        # The mode is part of the timeframe, which the address of the computation holds
        "defaults": View(mode=link.view.mode).data,
    }


def _leg(instrument: Instrument) -> dict[str, Any]:
    tick = instrument.tick_size
    return {
        "symbol": instrument.symbol,
        "instrument": str(instrument),
        "topic": f"price.{instrument}",
        "tick": None if tick is None else format(tick.normalize(), "f"),
        "status": instrument.status,
        "day": _day_ago(instrument),
    }


def _day_ago(instrument: Instrument) -> dict[str, Any] | None:
    """Open of the first recorded minute of the last day, for the change of the price; nothing before the first bar."""
    bars = Bar.objects.of(instrument.pk, int(Timeframe.M1)).filter(opened_at__gte=timezone.now() - timedelta(days=1))
    first = bars.order_by("opened_at").values("open", "opened_at").first()
    return None if first is None else {"price": first["open"], "at": round(first["opened_at"].timestamp() * 1_000)}

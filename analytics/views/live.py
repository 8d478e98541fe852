"""What a page shows of one pair, live: the same on the dashboard and on the pair's own page."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from accounts.models import User
from accounts.zones import zones
from analytics.choices import Choice
from analytics.core.hedges import method_named
from analytics.forms import LinkForm
from analytics.leases import find_pair
from analytics.links import RANGES, Link, address_of, params_of, path_of, read_link
from analytics.models import Pair, PairSpec, SavedView
from analytics.pairs import Legs
from analytics.views.page_data import page_data
from analytics.views.places import PANEL_TITLES, cards, check_metrics, fit_metrics, table_groups
from market.core.types import Timeframe
from market.models import Instrument

#: timeframes with a button and a key each
QUICK = ("tick", "1s", "1m", "5m", "1h")


@dataclass(frozen=True, slots=True)
class Opened:
    """A pair as an address asks for it.

    `pair` is the user's row with exactly these settings; None when the page has yet to open it. `listed` is the user's
    entry for these legs, whatever its settings, if there is one.
    """

    legs: Legs
    pair: Pair | None
    listed: Pair | None
    link: Link

    @property
    def spec(self) -> PairSpec:
        """What is asked for; a row of the database only when the user has it."""
        return self.pair.spec if self.pair else PairSpec(y=self.legs.y, x=self.legs.x, **self.link.choice.columns)

    @property
    def is_saved(self) -> bool:
        """These are the settings of the list."""
        return self.pair is not None and self.pair.on_list


def open_link(request: HttpRequest, legs: Legs, listed: Pair | None) -> Opened:
    """The pair with the settings of the address; what it does not say is as on the list."""
    user = own_user(request)
    base = Choice.of(listed.spec) if listed else Choice.default()
    link = read_link(request.GET.dict(), base, user.time_zone)
    is_listed = listed is not None and link.choice == base
    return Opened(legs, listed if is_listed else find_pair(user, legs, link.choice), listed, link)


def live_context(request: HttpRequest, opened: Opened, settings_form: LinkForm | None = None) -> dict[str, Any]:
    """Everything that the page of one's own pair needs."""
    spec, link = opened.spec, opened.link
    return shown_context(opened.pair, spec, link) | {
        "pair": opened.pair,
        "listed": opened.listed,
        "is_saved": opened.is_saved,
        "quick": [_quick(name, opened) for name in QUICK],
        "settings_form": settings_form or LinkForm.of(spec),
        "zones": zones(),
        "link_address": address_of(spec),
        "saved_views": SavedView.objects.owned_by(request.user),
        "pair_path": path_of(spec),
        "swapped_path": _swapped(spec),
    }


def shown_context(pair: Pair | None, spec: PairSpec, link: Link) -> dict[str, Any]:
    """What the live panels show, whoever looks at them: nothing of an account."""
    return {
        "spec": spec,
        "link": link,
        "notices": link.notices,
        "timeframe": Timeframe(spec.timeframe),
        "ranges": RANGES,
        "hedge": method_named(spec.hedge),
        "cards": cards(spec),
        "panels": PANEL_TITLES,
        "bands": f"bands ±{link.view.exit:g} and ±{link.view.entry:g}",
        "fit_metrics": fit_metrics(spec.hedge),
        "check_metrics": check_metrics(),
        "table_groups": table_groups(),
        "legs": [_leg(spec.y), _leg(spec.x)],
        "page_data": page_data(pair, spec, link),
    }


def own_user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _quick(name: str, opened: Opened) -> dict[str, Any]:
    """One timeframe button: its address keeps the method and takes the timeframe's own windows."""
    choice = opened.link.choice
    is_current = name == ("tick" if opened.link.view.mode == "tick" else choice.timeframe.label)
    kept = {key: value for key, value in params_of(choice).items() if key in ("beta", "prices", "lags")}
    same = params_of(choice) if choice.timeframe.label in (name, {"tick": "1s"}.get(name)) else kept
    return {"name": name, "params": same | {"tf": name, "tz": opened.link.zone}, "is_current": is_current}


def _leg(instrument: Instrument) -> dict[str, Any]:
    tick = instrument.tick_size
    return {
        "symbol": instrument.symbol,
        "status": instrument.status,
        "tick": "" if tick is None else format(tick.normalize(), "f"),
    }


def _swapped(spec: PairSpec) -> str:
    return path_of(PairSpec(y=spec.x, x=spec.y))

"""The address holds the view: what is computed, the range, the panels. Read here, and written for links.

An invalid value never refuses the page: the default is used, and a sentence says so.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from accounts.zones import zones
from analytics.choices import Choice, columns_of
from analytics.core.windows import Windows
from analytics.forms import ADDRESS_NAMES, LinkForm
from analytics.models import PairSpec
from market.core.types import Timeframe

#: the timeframe of single trades; what is computed beside them stands on 1 s bars
TICK = "tick"
RANGES = ("fit", "15m", "1h", "6h", "1d", "7d")
AXES = ("two", "rebased")
LEGS = ("y", "x")
PANELS = ("prices", "zscore", "spread", "correlation", "candles", "leadlag", "epps")
#: a range that follows now may be any length, as zooming makes it
_SPAN = re.compile(r"[1-9][0-9]{0,8}[smhd]")
MOST_LEVEL = 100
LONGEST_ECHO = 40
_LATEST_MS = 4_102_444_800_000  # 2100


@dataclass(frozen=True, slots=True)
class View:
    """How the charts are looked at. `start_ms` and `stop_ms` are set for a fixed range, else the view follows now."""

    range: str = "fit"
    start_ms: int | None = None
    stop_ms: int | None = None
    entry: float = 2.0
    exit: float = 0.5
    stop: float = 4.0
    axes: str = "two"
    candles: str = "y"
    panels: tuple[str, ...] = PANELS
    mode: str = "bars"

    @property
    def data(self) -> dict[str, Any]:
        """As the page's modules name it."""
        plain = asdict(self)
        return plain | {"from": plain.pop("start_ms"), "to": plain.pop("stop_ms"), "panels": list(self.panels)}


@dataclass(frozen=True, slots=True)
class Link:
    """What an address asks for."""

    choice: Choice
    view: View
    zone: str
    notices: list[str] = field(default_factory=list)

    @property
    def params(self) -> dict[str, str]:
        """Everything that is computed, for an address that another user opens."""
        return params_of(self.choice, is_tick=self.view.mode == TICK) | {"tz": self.zone}


def read_link(query: Mapping[str, str], base: Choice, zone: str) -> Link:
    """`base` is what stands for parameters that are missing."""
    notices: list[str] = []
    is_tick = TICK in (query.get("tf"), query.get("mode"))
    asked = {name: query[name] for name in ADDRESS_NAMES.values() if query.get(name)}
    if is_tick:
        asked["tf"] = Timeframe.S1.label
    choice = _choice(asked, base, notices)
    view = _view(query, notices)
    if is_tick:
        view = replace(view, mode=TICK)
    return Link(choice, view, _zone(query.get("tz"), zone, notices), notices)


def params_of(choice: Choice, *, is_tick: bool = False) -> dict[str, str]:
    """The parameters of an address for a choice."""
    columns = choice.columns | {"timeframe": TICK if is_tick else choice.timeframe.label}
    return {name: str(columns[column]) for column, name in ADDRESS_NAMES.items()}


def name_of(spec: PairSpec) -> str:
    return f"{spec.y.symbol}~{spec.x.symbol}"


def path_of(spec: PairSpec) -> str:
    """`/pairs/A~B/`; symbols are any UTF-8."""
    return f"/pairs/{quote(name_of(spec), safe='~')}/"


def address_of(spec: PairSpec) -> str:
    return f"{path_of(spec)}?{urlencode(params_of(Choice.of(spec)))}"


def _choice(asked: dict[str, str], base: Choice, notices: list[str]) -> Choice:
    """Checked by the form of the settings, so that an address takes exactly what the form takes."""
    if not asked:
        return base
    values = params_of(base)
    if asked.get("tf", values["tf"]) != values["tf"]:
        values |= _defaults_of(asked["tf"])
    form = LinkForm(values | asked)
    if form.is_valid():
        return form.choice
    faulty = {
        ADDRESS_NAMES[field]: errors[0].messages
        for field, errors in form.errors.as_data().items()
        if field in ADDRESS_NAMES
    }
    kept = {name: text for name, text in asked.items() if name not in faulty}
    notices += [_notice(name, text, " ".join(faulty[name])) for name, text in asked.items() if name in faulty]
    if len(kept) == len(asked):
        notices.append("The settings of this address do not go together, so those of your list are used.")
        kept = {}
    return _choice(kept, base, notices)


def _defaults_of(label: str) -> dict[str, str]:
    """Windows that belong to a timeframe."""
    try:
        windows = columns_of(Windows.default(Timeframe.from_label(label)))
    except ValueError:
        return {}
    return {ADDRESS_NAMES[field]: str(bars) for field, bars in windows.items()}


def _view(query: Mapping[str, str], notices: list[str]) -> View:
    view = View(**_words(query, notices), **_levels(query, notices))
    return _with_panels(_with_range(view, query, notices), query, notices)


def _words(query: Mapping[str, str], notices: list[str]) -> dict[str, Any]:
    words: dict[str, Any] = {}
    for name, allowed in (("range", RANGES), ("axes", AXES), ("candles", LEGS)):
        text = query.get(name)
        if text in allowed or (name == "range" and _SPAN.fullmatch(text or "")):
            words[name] = text
        elif text:
            notices.append(_notice(name, text, f"use one of {', '.join(allowed)}."))
    return words


def _levels(query: Mapping[str, str], notices: list[str]) -> dict[str, Any]:
    """Entry, exit and stop of the z-score. Those that are not named follow the entry."""
    levels: dict[str, float] = {}
    for name in ("entry", "exit", "stop"):
        text = query.get(name)
        number = _number(text or "")
        if number is not None and 0 < number <= MOST_LEVEL:
            levels[name] = number
        elif text:
            notices.append(_notice(name, text, f"use a number above 0 and up to {MOST_LEVEL}."))
    usual = View()
    entry = levels.get("entry", usual.entry)
    all_three = {"exit": min(usual.exit, entry / 2), "stop": max(usual.stop, entry * 2)} | levels | {"entry": entry}
    if all_three["exit"] < entry < all_three["stop"]:
        return all_three
    notices.append("The levels must rise: exit below entry below stop. The usual ones are used.")
    return {}


def _with_range(view: View, query: Mapping[str, str], notices: list[str]) -> View:
    texts = query.get("from"), query.get("to")
    if not any(texts):
        return view
    start, stop = (_moment_ms(text) for text in texts)
    if start is None or stop is None or start >= stop:
        notices.append("The range of this address is not valid: `from` and `to` are two times, the earlier one first.")
        return view
    return replace(view, start_ms=start, stop_ms=stop)


def _with_panels(view: View, query: Mapping[str, str], notices: list[str]) -> View:
    text = query.get("panels")
    if text is None:
        return view
    asked = list(dict.fromkeys(name for name in text.split(",") if name))
    known = tuple(name for name in asked if name in PANELS)
    if len(known) < len(asked):
        unknown = ", ".join(name[:LONGEST_ECHO] for name in asked if name not in PANELS)
        notices.append(f"There is no panel {unknown[:LONGEST_ECHO]}; the panels are {', '.join(PANELS)}.")
    return replace(view, panels=known if known or not asked else PANELS)


def _zone(text: str | None, own: str, notices: list[str]) -> str:
    if not text:
        return own
    if text in zones():
        return text
    notices.append(_notice("tz", text, "use the name of a time zone, like UTC or Europe/Berlin."))
    return own


def zone_of(name: str) -> ZoneInfo:
    """The zone of a name that was checked once; UTC when this machine does not know it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _notice(name: str, text: str, reason: str) -> str:
    shown = text if len(text) <= LONGEST_ECHO else f"{text[:LONGEST_ECHO]}…"
    return f"{name}={shown} in the address is not valid: {reason}"


def _number(text: str) -> float | None:
    """A plain decimal; "," is taken for "."."""
    plain = text.replace(",", ".")
    is_plain = plain.isascii() and plain.replace(".", "", 1).isdigit() and len(plain) < 20
    return float(plain) if is_plain else None


def _moment_ms(text: str | None) -> int | None:
    """Epoch ms of an ISO 8601 time (UTC without a zone), or of epoch ms as digits."""
    if not text or len(text) > LONGEST_ECHO:
        return None
    if text.isascii() and text.isdigit():
        ms = int(text)
    else:
        try:
            moment = datetime.fromisoformat(text.replace(" ", "+"))
        except ValueError:
            return None
        ms = round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1_000)
    return ms if 0 < ms < _LATEST_MS else None

"""How a time is written: where its numbers stand in the text. English month names, whatever the locale."""

import re
from dataclasses import dataclass
from itertools import product

from analytics.csvfile.errors import shown

Span = tuple[int, int]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t|tember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? )?"
_BARE = r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)"
_DATES = (
    r"(?P<year>\d{4})(?P<gap>[-/.])(?P<month>\d\d?)(?P=gap)(?P<day>\d\d?)",
    _BARE,
    r"(?P<day>\d\d?)\.(?P<month>\d\d?)\.(?P<year>\d{4})",
    r"(?P<one>\d\d?)(?P<gap>[-/])(?P<two>\d\d?)(?P=gap)(?P<year>\d{4})",
    rf"{_WEEKDAY}(?P<day>\d\d?)[ -]{_MONTH}[ -](?P<year>\d{{4}})",
    rf"{_WEEKDAY}{_MONTH} (?P<day>\d\d?)(?:st|nd|rd|th)?,? (?P<year>\d{{4}})",
)
_GAP = r"(?:t|_|,?\s+)"
_PART = r"(?:[.,](?P<part>\d{1,12}))?"
_CLOCKS = (
    "",
    rf"{_GAP}(?P<hour>\d\d?)(?::(?P<minute>\d\d)(?::(?P<second>\d\d){_PART})?)?(?:\s*(?P<half>[ap])\.?m\.?)?",
    rf"{_GAP}(?P<hour>\d\d)(?P<minute>\d\d)(?:(?P<second>\d\d){_PART})?",
)
_TOGETHER = rf"{_BARE}(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?"
_ZONE = r"\s*(?:z|utc|gmt|(?:utc|gmt)?(?P<sign>[+-])(?P<zone_hour>\d\d)(?::?(?P<zone_minute>\d\d))?)"
_FORMS = [
    re.compile(f"{text}(?:{_ZONE})?", re.ASCII | re.IGNORECASE)
    for text in (*(date + clock for date, clock in product(_DATES, _CLOCKS)), _TOGETHER)
]
_NUMBERS = ("year", "month", "day", "one", "two", "hour", "minute", "second", "part", "zone_hour", "zone_minute")
_SHORT_YEAR = re.compile(r"\d\d?[-/.]\d\d?[-/.]\d\d(?!\d).*", re.ASCII)
_NAMED_ZONE = re.compile(r".*\d\s*(?P<zone>[A-Za-z]{2,5}|[A-Z][a-z]+/[A-Za-z_/]{1,40})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Form:
    """Spans of the numbers of a time; month by `name`, half of the day and sign of the zone where they are written.

    A date with spans `one` and `two` is day and month in an order that other cells have to prove.
    """

    spans: dict[str, Span]
    month: int | None
    is_afternoon: bool | None
    zone_sign: int


def form_of(text: str) -> Form | None:
    """The form of a time, the same for all texts that differ in their digits only."""
    found = next((match for form in _FORMS if (match := form.fullmatch(text))), None)
    if found is None:
        return None
    groups = found.groupdict()
    name, half = groups.get("name"), groups.get("half")
    return Form(
        {number: found.span(number) for number in _NUMBERS if groups.get(number) is not None},
        _MONTHS.index(name[:3].lower()) + 1 if name else None,
        half.lower() == "p" if half else None,
        -1 if groups.get("sign") == "-" else 1,
    )


def why_no_time(text: str) -> str:
    """What is wrong with a text that has no form, or numbers that no day or clock has."""
    if _SHORT_YEAR.fullmatch(text):
        return f"{shown(text)} has a year of two digits; write all four"
    zone = _NAMED_ZONE.fullmatch(text)
    if zone and form_of(text[: zone.start("zone")].rstrip()):
        return f"the time zone {zone['zone']!r} of {shown(text)} is not known; use UTC or an offset such as +05:30"
    return f"{shown(text)} is no time; use ISO 8601 or an epoch, or --time"

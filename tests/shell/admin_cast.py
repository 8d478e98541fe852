"""A market with a record, and what staff may do to it in the admin."""

from typing import Any

from django.conf import LazySettings
from django.test import Client

from accounts.models import User
from market.models import Gap, Instrument, SymbolDemand
from tests.shell.access_cast import make_user
from tests.shell.bars_support import START

#: pages of the admin link files that are collected only where the site is served
PLAIN_FILES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


def administrator(settings: LazySettings) -> tuple[Client, User]:
    settings.STORAGES = settings.STORAGES | PLAIN_FILES
    root = make_user("root", is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(root, "django.contrib.auth.backends.ModelBackend")
    return client, root


def ask(client: Client, page: str, action: str, rows: list[Any], **more: str) -> Any:
    data = {"action": action, "_selected_action": [str(row.pk) for row in rows], **more}
    return client.post(f"/admin/{page}/", data, follow=True)


def wanted_instrument(symbol: str, views: int) -> Instrument:
    instrument = Instrument.objects.create(venue="simulated", symbol=symbol)
    SymbolDemand.objects.bulk_create(SymbolDemand(instrument=instrument, holder=f"pair:{n}") for n in range(views))
    return instrument


def gap_of(instrument: Instrument, state: str, first: int = 10, last: int = 64) -> Gap:
    return Gap.objects.create(
        instrument=instrument,
        first_id=first,
        last_id=last,
        first_ms=START,
        last_ms=START + 1_000,
        cause=Gap.Cause.CUT,
        state=state,
        tries=7,
    )

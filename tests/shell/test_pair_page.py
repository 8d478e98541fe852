"""The pair's own page and saved views, as they are without JavaScript."""

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from django.utils import timezone

from analytics.models import Pair, PairSpec, SavedView, Snapshot
from analytics.pairs import add_pair
from market.models import Instrument
from tests.shell.test_pages import legs, signed_in

__all__ = ["legs"]
pytestmark = pytest.mark.django_db


def page_data(text: str) -> dict[str, Any]:
    found = re.search(r'<script id="page-data" type="application/json">(.*?)</script>', text)
    assert found
    data: dict[str, Any] = json.loads(found.group(1))
    return data


def test_the_page_of_the_list_has_its_topic(legs: list[Instrument]) -> None:
    client, alice = signed_in("alice")
    pair = add_pair(alice, legs[0], legs[1])
    data = page_data(client.get("/pairs/AAAUSDT~BBBUSDT/?entry=3").content.decode())
    assert data["topic"] == pair.spec.topic
    assert data["link"]["path"] == "/pairs/AAAUSDT~BBBUSDT/"
    assert (data["view"]["entry"], data["defaults"]["entry"]) == (3.0, 2.0)


def test_reading_a_page_follows_nothing_and_opening_it_does(legs: list[Instrument]) -> None:
    client, _ = signed_in("alice")
    data = page_data(client.get("/pairs/AAAUSDT~CCCUSDT/?tf=1m&beta=tls").content.decode())
    assert data["topic"] is None
    assert not PairSpec.objects.exists()
    answer = client.post(data["open"]["url"], {"pair": data["open"]["pair"], **data["open"]["params"]}).json()
    spec = PairSpec.objects.get()
    assert answer["topic"] == spec.topic
    assert (spec.y.symbol, spec.x.symbol, spec.timeframe, spec.hedge) == ("AAAUSDT", "CCCUSDT", 60, "tls")
    data = page_data(client.get("/pairs/AAAUSDT~CCCUSDT/?tf=1m&beta=tls").content.decode())
    assert data["topic"] == spec.topic


def test_the_link_of_one_user_opens_the_same_for_another(legs: list[Instrument]) -> None:
    client, alice = signed_in("alice")
    add_pair(alice, legs[0], legs[1])
    link = page_data(client.get("/dashboard/?tf=5m&win=500&tz=Europe/Berlin").content.decode())["link"]
    other, _ = signed_in("bob")
    data = page_data(other.get(link["path"], link["params"]).content.decode())
    assert data["link"] == link
    assert (data["timeframe"], data["zone"], data["open"]["params"]["win"]) == ("5m", "Europe/Berlin", "500")


def test_an_invalid_value_of_the_address_is_said(legs: list[Instrument]) -> None:
    client, _ = signed_in("alice")
    text = client.get("/pairs/AAAUSDT~BBBUSDT/?tf=3w").content.decode()
    assert "tf=3w in the address is not valid" in text


def test_letter_case_leads_to_the_address_as_it_is_written(legs: list[Instrument]) -> None:
    client, _ = signed_in("alice")
    assert client.get("/pairs/aaausdt~BbbUSDT/?tf=1m")["Location"] == "/pairs/AAAUSDT~BBBUSDT/?tf=1m"


def test_settings_of_an_address_are_saved_to_the_list(legs: list[Instrument]) -> None:
    client, alice = signed_in("alice")
    pair = add_pair(alice, legs[0], legs[1])
    text = client.get("/pairs/AAAUSDT~BBBUSDT/?tf=1m").content.decode()
    assert "Save settings" in text
    opened = page_data(text)["open"]
    assert client.post("/pairs/keep/", {"pair": opened["pair"], **opened["params"]})["Location"].endswith(str(pair.pk))
    pair.refresh_from_db()
    assert pair.spec.timeframe == 60
    assert Pair.objects.count() == 1


def store_day(spec: PairSpec, day: datetime, scores: Sequence[float | None]) -> None:
    random = np.random.default_rng(3)
    x = 100 + np.cumsum(random.normal(0, 0.1, len(scores)))
    Snapshot.objects.bulk_create(
        Snapshot(
            spec=spec,
            opened_at=day + timedelta(minutes=at),
            seq=1,
            zscore=score,
            correlation=0.5,
            spread=0.001,
            price_y=float(np.exp(1.0 + np.log(x[at])) * (1 + 0.001 * random.normal())),
            price_x=float(x[at]),
        )
        for at, score in enumerate(scores)
    )


def test_history_tells_each_day_and_hour(legs: list[Instrument]) -> None:
    client, alice = signed_in("alice")
    pair = add_pair(alice, legs[0], legs[1])
    day = timezone.now().astimezone(UTC).replace(hour=1, minute=0, second=0, microsecond=0) - timedelta(days=1)
    store_day(pair.spec, day, [2.5] * 30 + [0.5] * 30 + [None] * 30)
    response = client.get("/pairs/AAAUSDT~BBBUSDT/history/")
    (found,) = response.context["days"]
    assert (found["day"], found["n"], found["mean"], found["beyond"]) == (day.date(), 60, 1.5, 0.5)
    assert found["std"] == pytest.approx(np.std([2.5] * 30 + [0.5] * 30, ddof=1))
    assert found["cells"][1] == {"share": 0.5, "step": 6, "n": 60}
    assert found["cells"][2] is None
    assert "50 %" in response.content.decode()


def test_history_does_not_count_what_is_warming_up(legs: list[Instrument]) -> None:
    client, alice = signed_in("alice")
    pair = add_pair(alice, legs[0], legs[1])
    day = timezone.now().astimezone(UTC).replace(hour=1, minute=0, second=0, microsecond=0) - timedelta(days=1)
    store_day(pair.spec, day, [9.0] * 10 + [0.5] * 20)
    warming = {"z": "warming up 200 of 600", "corr": "warming up 200 of 600"}
    Snapshot.objects.filter(spec=pair.spec, zscore=9.0).update(unknown=warming, correlation=-1.0)
    (found,) = client.get("/pairs/AAAUSDT~BBBUSDT/history/").context["days"]
    assert (found["n"], found["mean"], found["beyond"], found["corr"]) == (20, 0.5, 0.0, 0.5)


def test_history_uses_the_days_of_the_zone(legs: list[Instrument]) -> None:
    client, alice = signed_in("alice")
    pair = add_pair(alice, legs[0], legs[1])
    day = timezone.now().astimezone(UTC).replace(hour=23, minute=0, second=0, microsecond=0) - timedelta(days=2)
    store_day(pair.spec, day, [1.0] * 10)
    (found,) = client.get("/pairs/AAAUSDT~BBBUSDT/history/?tz=Asia/Tokyo").context["days"]
    assert found["day"] == day.date() + timedelta(days=1)
    assert [hour for hour, cell in enumerate(found["cells"]) if cell] == [8]


def test_history_without_a_bar_says_so(legs: list[Instrument]) -> None:
    client, alice = signed_in("alice")
    add_pair(alice, legs[0], legs[1])
    assert "No stored bar of this pair yet" in client.get("/pairs/AAAUSDT~BBBUSDT/history/").content.decode()


def test_cointegration_shows_the_path_of_p_and_the_residuals(legs: list[Instrument]) -> None:
    client, alice = signed_in("alice")
    pair = add_pair(alice, legs[0], legs[1])
    store_day(pair.spec, timezone.now() - timedelta(days=2), [1.0] * 1_500)
    PairSpec.objects.update(hedge_window=200, timeframe=60)
    context = client.get("/pairs/AAAUSDT~BBBUSDT/cointegration/").context
    assert context["path"]["window"] == 200
    # White noise around a line: every window finds it
    assert context["path"]["share"] == 1.0
    assert len(context["path"]["rows"]) == 60
    assert context["residuals"]["n"] == 200
    assert abs(context["residuals"]["acf_first"]) < 0.3


def test_cointegration_of_a_young_pair_says_what_it_needs(legs: list[Instrument]) -> None:
    client, alice = signed_in("alice")
    add_pair(alice, legs[0], legs[1])
    text = client.get("/pairs/AAAUSDT~BBBUSDT/cointegration/").content.decode()
    assert "Needs 1,440 bars without a hole, has 0 bars." in text


def test_notes_are_kept_with_the_pair(legs: list[Instrument]) -> None:
    client, alice = signed_in("alice")
    pair = add_pair(alice, legs[0], legs[1])
    note = "Breaks at funding.\n<script>no</script>"
    client.post(f"/pairs/{pair.pk}/note/", {"note": note})
    text = client.get("/pairs/AAAUSDT~BBBUSDT/notes/").content.decode()
    assert "Breaks at funding." in text
    assert "&lt;script&gt;no" in text


def test_a_note_that_is_too_long_is_refused_and_the_old_one_stays(legs: list[Instrument]) -> None:
    client, alice = signed_in("alice")
    pair = add_pair(alice, legs[0], legs[1])
    client.post(f"/pairs/{pair.pk}/note/", {"note": "old"})
    response = client.post(f"/pairs/{pair.pk}/note/", {"note": "x" * 10_001}, follow=True)
    assert "at most 10000 characters" in response.content.decode()
    pair.refresh_from_db()
    assert pair.note == "old"


def test_a_view_is_saved_replaced_and_deleted(legs: list[Instrument]) -> None:
    client, alice = signed_in("alice")
    for address in ("/pairs/AAAUSDT~BBBUSDT/?tf=1m", "/pairs/AAAUSDT~BBBUSDT/?tf=5m&from=2026-01-01T00:00:00Z"):
        assert client.post("/views/", {"name": "Mine", "address": address})["Location"] == address
    view = SavedView.objects.get()
    assert (view.owner, view.address) == (alice, "/pairs/AAAUSDT~BBBUSDT/?tf=5m&from=2026-01-01T00:00:00Z")
    assert "Mine" in client.get("/pairs/AAAUSDT~BBBUSDT/").content.decode()
    client.post(f"/views/{view.pk}/delete/")
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example/pairs/A~B/", "/admin/", "/pairs/A~B/#x", "/pairs/A~B/\\x", ""]
)
def test_only_an_address_of_a_pair_is_saved(legs: list[Instrument], address: str) -> None:
    client, _ = signed_in("alice")
    assert client.post("/views/", {"name": "Bad", "address": address})["Location"] == "/dashboard/"
    assert not SavedView.objects.exists()


def test_a_full_shelf_of_views_is_said(legs: list[Instrument], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analytics.views.saved.MOST_VIEWS", 1)
    client, _ = signed_in("alice")
    for name in ("One", "Two"):
        response = client.post("/views/", {"name": name, "address": "/pairs/AAAUSDT~BBBUSDT/"}, follow=True)
    assert "You have 1 saved views, the limit" in response.content.decode()
    assert SavedView.objects.get().name == "One"

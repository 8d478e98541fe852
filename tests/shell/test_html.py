"""Every page is valid HTML, by html-validate."""

import subprocess
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core import mail
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.invitations import invite_first_admin
from accounts.models import NotificationPlace, User
from analytics.pairs import add_pair
from livepairs.errors import server_error
from livepairs.frontend import MODULES, build, wheel_node_command
from livepairs.places import BASE_DIR
from market.models import FeedControl, Instrument
from tests.shell.access_cast import make_user
from tests.shell.account_support import confirmed, half_logged_in, logged_in, with_app, with_codes

pytestmark = pytest.mark.django_db
VALIDATOR = MODULES / "html-validate" / "bin" / "html-validate.mjs"
PASSWORD = "correct horse battery"


def complaints(folder: Path) -> str:
    build()
    command = [*wheel_node_command(), str(VALIDATOR), "-c", str(BASE_DIR / ".htmlvalidate.json")]
    files = sorted(str(file) for file in folder.glob("*.html"))
    result = subprocess.run([*command, *files], capture_output=True, text=True, check=False, cwd=BASE_DIR)
    return result.stdout + result.stderr if result.returncode else ""


def save(folder: Path, client: Client, *paths: str) -> None:
    for number, path in enumerate(paths):
        (folder / f"{number:02d}-{path.strip('/').replace('/', '_') or 'home'}.html").write_bytes(
            client.get(path).content
        )


def test_pages_of_visitors(tmp_path: Path) -> None:
    FeedControl.objects.create(id=1, venue="simulated", reason="No way to the exchange.", is_paused=True)
    names = ["home", "method", "account_login", "account_signup"]
    names += ["account_reset_password", "account_reset_password_done"]
    save(tmp_path, Client(), *[reverse(name) for name in names], "/nothing/here/", "/accounts/inactive/")
    assert complaints(tmp_path) == ""


def test_pages_of_users(tmp_path: Path) -> None:
    FeedControl.objects.create(id=1, venue="simulated")
    legs = [Instrument.objects.create(venue="simulated", symbol=name) for name in ("AAAUSDT", "BBBUSDT")]
    alice = User.objects.create_user("alice", "alice@example.org", PASSWORD, is_staff=True)
    client = Client()
    client.force_login(alice)
    names = ["dashboard", "health", "method", "account_logout", "account_change_password", "account_email"]
    names += ["settings", "search", "notices", "styleguide", "tokens", "api_reference"]
    names += ["logins", "mfa_index", "mfa_list_webauthn", "account_reauthenticate"]
    save(tmp_path, client, *[reverse(name) for name in names], "/search/?q=aaa", "/pairs/AAAUSD~BBBUSD/")
    (tmp_path / "zone.html").write_bytes(client.post("/preferences/", {"time_zone": "x", "section": "display"}).content)
    made = client.post("/settings/tokens/", {"name": "x", "scopes": ["read"], "days": "7"})
    (tmp_path / "made.html").write_bytes(made.content)
    save(tmp_path, client, f"/settings/tokens/{alice.tokens.get().pk}/revoke/", "/settings/tokens/")
    (tmp_path / "no_token.html").write_bytes(client.post("/settings/tokens/", {}).content)
    refused = client.post("/pairs/add/", {"y": "AAAUSDT", "x": "AAAUSDT"})
    (tmp_path / "refused.html").write_bytes(refused.content)
    pair = add_pair(alice, legs[0], legs[1])
    (tmp_path / "pair.html").write_bytes(client.get("/dashboard/").content)
    wrong = client.post(f"/pairs/{pair.pk}/settings/", {"timeframe": "2m", "hedge_window": "x"})
    (tmp_path / "wrong.html").write_bytes(wrong.content)
    assert complaints(tmp_path) == ""


def test_pages_of_a_site_that_cannot_serve(tmp_path: Path, settings: LazySettings, rf: RequestFactory) -> None:
    (tmp_path / "500.html").write_bytes(server_error(rf.get("/")).content)
    for number, reason in enumerate(("Larger disks.", "2099-01-01T00:00", "2000-01-01T00:00")):
        settings.MAINTENANCE = reason
        (tmp_path / f"503-{number}.html").write_bytes(Client().get("/").content)
    assert complaints(tmp_path) == ""


def test_pages_that_ask_for_the_password_before(tmp_path: Path) -> None:
    alice = make_user("alice")
    NotificationPlace.objects.create(owner=alice, address="desk@example.org")
    client = confirmed(alice)
    names = ["mfa_activate_totp", "mfa_add_webauthn", "account_email", "remove_account", "settings"]
    save(tmp_path, client, *[reverse(name) for name in names])
    client.post(reverse("remove_account"))
    client.post(reverse("account_email"), {"action_add": "", "email": "other@example.org"})
    with_app(alice)
    with_codes(alice)
    for name in ("mfa_index", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_deactivate_totp"):
        (tmp_path / f"{name}.html").write_bytes(client.get(reverse(name)).content)
    (tmp_path / "settings.html").write_bytes(client.get(reverse("settings")).content)
    (tmp_path / "email.html").write_bytes(client.get(reverse("account_email")).content)
    assert complaints(tmp_path) == ""


def test_pages_of_an_invitation(tmp_path: Path, settings: LazySettings) -> None:
    settings.SIGNUP, settings.CONTACT = "closed", "host@example.org"
    save(tmp_path, Client(), reverse("account_signup"), "/invitation/gone/")
    alice = make_user("alice")
    with_app(alice)
    half = half_logged_in(alice)
    (tmp_path / "second.html").write_bytes(half.get(reverse("mfa_authenticate")).content)
    secret = invite_first_admin()
    (tmp_path / "admin.html").write_bytes(logged_in(make_user("bob")).get(f"/invitation/{secret}/").content)
    assert complaints(tmp_path) == ""


def test_page_of_a_password_reset(tmp_path: Path) -> None:
    User.objects.create_user("alice", "alice@example.org", PASSWORD)
    Client().post(reverse("account_reset_password"), {"email": "alice@example.org"})
    (link,) = [word for word in mail.outbox[0].body.split() if "/password/reset/key/" in word]
    page = Client().get(link[link.index("/accounts/") :], follow=True)
    assert "password1" in page.content.decode()
    (tmp_path / "reset.html").write_bytes(page.content)
    assert complaints(tmp_path) == ""


def test_a_broken_page_is_found(tmp_path: Path) -> None:
    head = '<!DOCTYPE html><html lang="en"><head><title>x</title></head>'
    (tmp_path / "broken.html").write_text(f'{head}<body><p style="color:red"><div></div></p></body></html>')
    assert "no-inline-style" in complaints(tmp_path)

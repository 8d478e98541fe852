"""Codes of an app and recovery codes: asked for, good once, kept so that a stolen database makes none."""

import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator

from accounts.models import User
from tests.shell.access_cast import make_user
from tests.shell.account_support import SECOND, code_now, confirmed, half_logged_in, is_logged_in, with_app, with_codes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_tries_yet")]
#: the middle of the half minute in which this test runs
HALF_MINUTE = int(time.time()) // 30 * 30
NOON = HALF_MINUTE + 10


@pytest.fixture
def alice(db: None) -> User:
    return make_user("alice")


def test_a_code_of_the_app_opens_once(alice: User) -> None:
    secret = with_app(alice)
    with time_machine.travel(NOON, tick=False):
        first, second = half_logged_in(alice), half_logged_in(alice)
        code = code_now(secret)
        first.post(SECOND, {"code": code})
        answer = second.post(SECOND, {"code": code})
    assert answer.status_code == 200
    assert is_logged_in(first)
    assert not is_logged_in(second)


def test_a_code_of_the_half_minute_before_is_too_old(alice: User) -> None:
    secret = with_app(alice)
    client = half_logged_in(alice)
    with time_machine.travel(NOON, tick=False):
        code = code_now(secret)
    with time_machine.travel(NOON + 30, tick=False):
        client.post(SECOND, {"code": code})
    assert not is_logged_in(client)


def test_a_recovery_code_opens_once(alice: User) -> None:
    with_app(alice)
    code, *_ = with_codes(alice)
    first, second = half_logged_in(alice), half_logged_in(alice)
    first.post(SECOND, {"code": code})
    second.post(SECOND, {"code": code})
    assert is_logged_in(first)
    assert not is_logged_in(second)


def test_codes_can_be_tried_ten_times(alice: User) -> None:
    secret = with_app(alice)
    client = half_logged_in(alice)
    with time_machine.travel(NOON, tick=False):
        wrong = f"{(int(code_now(secret)) + 1) % 1_000_000:06}"
        for _ in range(10):
            client.post(SECOND, {"code": wrong})
        client.post(SECOND, {"code": code_now(secret)})
    assert not is_logged_in(client)


def test_the_password_alone_opens_no_page(alice: User) -> None:
    with_app(alice)
    client = half_logged_in(alice)
    assert client.get("/settings/")["Location"].startswith("/accounts/login/")


def test_the_secret_lies_encrypted_in_the_database(alice: User) -> None:
    client = confirmed(alice)
    page = client.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    with time_machine.travel(NOON, tick=False):
        assert client.post("/accounts/2fa/totp/activate/", {"code": code_now(secret)}).status_code == 302
    stored = Authenticator.objects.get(user=alice, type=Authenticator.Type.TOTP)
    assert secret not in str(stored.data)
    assert stored.wrap().validate_code is not None
    seed = Authenticator.objects.get(user=alice, type=Authenticator.Type.RECOVERY_CODES).data["seed"]
    assert seed.startswith("gAAAA")


def test_setting_it_up_asks_for_the_password_again(alice: User) -> None:
    with time_machine.travel(NOON, tick=False):
        client = confirmed(alice)
        assert client.get("/accounts/2fa/totp/activate/").status_code == 200
    with time_machine.travel(NOON + 301, tick=False):
        assert client.get("/accounts/2fa/totp/activate/")["Location"].startswith("/accounts/reauthenticate/")

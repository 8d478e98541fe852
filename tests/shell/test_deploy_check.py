"""`manage.py check --deploy` has nothing to say about a site as the README tells to run it."""

import os
import subprocess
import sys

from django.conf import settings

PRODUCTION = {
    "LIVEPAIRS_HTTPS": "true",
    "LIVEPAIRS_TRUSTED_PROXIES": "1",
    "LIVEPAIRS_EMAIL_VERIFICATION": "mandatory",
    "LIVEPAIRS_SIGNUP": "invitation",
    "ALLOWED_HOSTS": "pairs.example.org",
    "CSRF_TRUSTED_ORIGINS": "https://pairs.example.org",
    "EMAIL_URL": "smtp+tls://user:password@mail.example.org:587",
}


def check(**more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "INFO"]
    environment = os.environ | PRODUCTION | more
    return subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False)


def test_it_is_clean_under_production_settings() -> None:
    told = check()
    assert told.returncode == 0, told.stderr
    assert "no issues" in told.stdout


def test_it_would_tell_of_a_site_without_https() -> None:
    told = check(LIVEPAIRS_HTTPS="false")
    assert told.returncode == 1
    assert "SESSION_COOKIE_SECURE" in told.stderr


def test_a_wrong_word_for_signup_is_refused_with_the_right_ones() -> None:
    told = check(LIVEPAIRS_SIGNUP="sometimes")
    assert told.returncode != 0
    assert "LIVEPAIRS_SIGNUP='sometimes': use one of open, invitation, closed." in told.stderr

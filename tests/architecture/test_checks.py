"""The checks of the code are tests: style, types, import contracts, migrations, deployment settings."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, **environment}
    )


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(["ruff", "check", "."], id="ruff"),
        pytest.param(["ruff", "format", "--check", "."], id="format"),
        pytest.param(["mypy", "."], id="mypy"),
        pytest.param(["lint-imports"], id="imports"),
    ],
)
def test_a_checker_finds_nothing(command: list[str]) -> None:
    done = run(str(BIN / command[0]), *command[1:])
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_model_change_is_without_a_migration() -> None:
    done = run(sys.executable, "manage.py", "makemigrations", "--check", "--dry-run")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_deployment_check_has_no_warning() -> None:
    done = run(
        sys.executable,
        *("manage.py", "check", "--deploy", "--fail-level", "WARNING"),
        LIVEPAIRS_HTTPS="true",
        SECRET_KEY="x9" * 40 + "abcdefghij",
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_unknown_setting_is_refused_with_the_nearest_name() -> None:
    done = run(sys.executable, "manage.py", "check", LIVEPAIRS_SYMBOL="BTCUSDT")
    assert done.returncode != 0
    assert "Unknown setting LIVEPAIRS_SYMBOL. Did you mean LIVEPAIRS_SYMBOLS?" in done.stderr


def test_a_feed_that_does_not_exist_is_refused_with_the_choices() -> None:
    done = run(sys.executable, "manage.py", "check", LIVEPAIRS_FEED="kraken")
    assert done.returncode != 0
    assert "use one of auto, binance, simulated, none" in done.stderr

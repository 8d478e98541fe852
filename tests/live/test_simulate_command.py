"""`manage.py simulate` as a process."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[2]
GUARD = 60


def simulate(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "manage.py", "simulate", *arguments]
    return subprocess.Popen(
        command, cwd=ROOT, env=os.environ.copy(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_serves_and_ends_cleanly(number: signal.Signals) -> None:
    with simulate("--port", "0", "--symbols", "BTCUSDT,ETHUSDT", "--history", "1") as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("simulated market on http://127.0.0.1:")
        assert httpx.get(line.split()[-1] + "/fapi/v1/ping", timeout=GUARD).json() == {}
        process.send_signal(number)
        output, errors = process.communicate(timeout=GUARD)
        assert (process.returncode, output, errors) == (0, "", "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--fault", "bogus"], "Unknown fault 'bogus': use one of silent"),
        (["--recording", "absent.gz"], "absent.gz: no such file or folder."),
    ],
)
def test_wrong_arguments_are_one_sentence(arguments: list[str], said: str) -> None:
    with simulate("--port", "0", *arguments) as process:
        _, errors = process.communicate(timeout=GUARD)
        assert process.returncode == 1
        assert said in errors
        assert "Traceback" not in errors

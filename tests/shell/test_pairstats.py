"""`manage.py pairstats`: no test here may touch the database, and pytest-django refuses it if one does."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from analytics.core.hedges import methods
from analytics.core.metrics import metrics
from tests.core.pairs import cointegrated
from tests.core.shared_data import FOLDER, needs_shared


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    path = tmp_path / "pair.csv"
    y, x = cointegrated(300, seed=6)
    rows = [
        f"{1_735_689_600 + 60 * i},{a!r},{b!r}" for i, (a, b) in enumerate(zip(y.tolist(), x.tolist(), strict=True))
    ]
    path.write_text("\n".join(["timestamp,ETHUSDT,BTCUSDT", *rows]))
    return path


def pairstats(csv: Path, *options: str) -> str:
    out = StringIO()
    call_command("pairstats", str(csv), "--y", "ETHUSDT", "--x", "BTCUSDT", *options, stdout=out)
    return out.getvalue()


def pairstats_json(csv: Path, *options: str) -> dict[str, Any]:
    return dict(json.loads(pairstats(csv, "--json", *options)))


def test_json_is_one_object_with_times_and_legs(csv: Path) -> None:
    report = pairstats_json(csv)
    assert (report["y"], report["x"], report["n"], report["prices"]) == ("ETHUSDT", "BTCUSDT", 300, "log")
    assert (report["from"], report["to"]) == ("2025-01-01T00:00:00Z", "2025-01-01T04:59:00Z")
    assert report["hedge"]["ratio"] == pytest.approx(0.7, abs=0.1)


def test_options_reach_the_numbers(csv: Path) -> None:
    assert pairstats_json(csv, "--lags", "4")["adf"]["lags"] == 4
    assert pairstats_json(csv, "--lags", "4")["johansen"]["k_ar_diff"] == 4
    assert pairstats_json(csv, "--window", "60")["zscore"]["window"] == 60
    assert pairstats_json(csv, "--hedge", "tls")["hedge"]["method"] == "tls"
    y, x = cointegrated(300, seed=6)
    assert pairstats_json(csv, "--prices", "raw")["hedge"]["ratio"] == pytest.approx(np.polyfit(x, y, 1)[0])


def test_the_table_shows_the_same_numbers(csv: Path) -> None:
    report, table = pairstats_json(csv), pairstats(csv)
    for part, name in (
        ("hedge", "ratio"),
        ("zscore", "value"),
        ("half_life", "bars"),
        ("correlation", "pearson_returns"),
    ):
        assert f"{report[part][name]:.8g}" in table
    assert "nan" not in table.lower()


def test_the_table_gives_the_reason_of_an_unknown(csv: Path) -> None:
    csv.write_text("\n".join(csv.read_text().splitlines()[:51]))
    assert "unknown: 50 bars are too few: at least 120" in pairstats(csv)


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--hedge", "magic"], "Unknown hedge 'magic': use one of ols, "),
        (["--lags", "many"], "Unknown lags 'many'"),
        (["--lags", "200"], "200 lags are too many for 300 bars: at most 148"),
        (["--window", "1"], "--window 1 is too short"),
        (["--hedge-window", "2"], "--hedge-window 2 is too short"),
        (["--entry", "1", "--exit", "2"], "Entry 1 and exit 2 do not go together"),
        (["--time", "when"], "there is no column 'when'; the columns are timestamp, ETHUSDT, BTCUSDT"),
    ],
)
def test_bad_options_are_refused_in_a_sentence(csv: Path, options: list[str], complaint: str) -> None:
    with pytest.raises(CommandError, match=complaint):
        pairstats(csv, *options)


def test_it_runs_where_no_server_is(csv: Path, tmp_path: Path) -> None:
    environment = os.environ | {
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "LIVEPAIRS_HOME": str(tmp_path / "home"),
    }
    command = [sys.executable, "manage.py", "pairstats", str(csv), "--y", "ETHUSDT", "--x", "BTCUSDT", "--json"]
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["n"] == 300


def test_every_metric_is_in_both_forms(csv: Path) -> None:
    report, table = pairstats_json(csv), pairstats(csv)
    assert set(report["metrics"]) == {metric.name for metric in metrics("report")}
    for metric in metrics("report"):
        assert metric.title in table
    assert report["metrics"]["half_life"]["direction"] == "ETHUSDT on BTCUSDT"


def test_the_quick_check_is_of_both_legs_and_says_when_trades_are_few(csv: Path) -> None:
    check = pairstats_json(csv, "--window", "60", "--hedge-window", "120", "--entry", "1", "--fee-bps", "0")["check"]
    assert check["round_trips"] > 0
    assert check["fees"] == 0.0
    assert check["sharpe"] is None
    assert check["unknown"]["sharpe"].startswith("not enough trades: ")
    assert len(check["equity"]["t"]) == len(check["equity"]["net"])
    with_fees = pairstats_json(csv, "--window", "60", "--hedge-window", "120", "--entry", "1")["check"]
    assert with_fees["net"] == pytest.approx(check["net"] - with_fees["fees"])


def test_a_check_that_cannot_begin_says_why(csv: Path) -> None:
    report = pairstats_json(csv, "--hedge-window", "400")
    assert report["check"] is None
    assert report["unknown"]["check"] == "300 bars: the hedge window alone takes 400"


@pytest.mark.parametrize("hedge", methods())
def test_every_hedge_method_reports(csv: Path, hedge: str) -> None:
    report = pairstats_json(csv, "--hedge", hedge)
    assert report["hedge"]["ratio"] == pytest.approx(0.7, abs=0.2)


@needs_shared
def test_a_basket_as_printed() -> None:
    out = StringIO()
    file = str(FOLDER / "published" / "chan_EWA_EWC_IGE.csv")
    legs = ["--y", "EWC", "--x", "EWA", "--x", "IGE"]
    call_command("pairstats", file, *legs, "--prices", "raw", "--lags", "1", "--json", stdout=out)
    report = json.loads(out.getvalue())
    assert report["weights"] == {
        "EWC": 1.0,
        "EWA": pytest.approx(-0.76 / 1.046, abs=1e-3),
        "IGE": pytest.approx(-0.2233 / 1.046, abs=1e-3),
    }
    assert report["johansen"]["trace"] == pytest.approx([34.429, 17.532, 4.471], abs=5e-4)
    assert report["statement"]


@needs_shared
def test_a_basket_as_text() -> None:
    out = StringIO()
    file = str(FOLDER / "published" / "chan_EWA_EWC_IGE.csv")
    call_command("pairstats", file, "--y", "EWC", "--x", "EWA", "--x", "IGE", stdout=out)
    assert "Weights" in out.getvalue()
    assert "nan" not in out.getvalue().lower()


def test_seven_legs_are_refused(csv: Path) -> None:
    with pytest.raises(CommandError, match="7 legs are too many for a basket: use at most 6"):
        call_command("pairstats", str(csv), "--y", "a", *(word for name in "bcdefg" for word in ("--x", name)))


@needs_shared
def test_chan_as_printed() -> None:
    out = StringIO()
    file = str(FOLDER / "published" / "chan_EWA_EWC_IGE.csv")
    options = ["--y", "EWC", "--x", "EWA", "--prices", "raw", "--lags", "1", "--json"]
    call_command("pairstats", file, *options, stdout=out)
    report = json.loads(out.getvalue())
    assert report["hedge"]["ratio"] == pytest.approx(0.9624, abs=5e-5)
    assert report["engle_granger"]["y_on_x"]["statistic"] == pytest.approx(-3.6435146, abs=1e-6)
    assert report["johansen"]["trace"] == pytest.approx([19.983, 3.983], abs=5e-4)
    assert report["from"] == "2006-04-26T00:00:00Z"

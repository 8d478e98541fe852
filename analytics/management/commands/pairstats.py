"""`manage.py pairstats FILE.csv --y COL --x COL`: what livepairs says about two columns of prices, without a server."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from analytics.core.hedges import methods
from analytics.core.report.as_json import as_json
from analytics.core.report.pair import pair_report
from analytics.core.report.params import ReportParams
from analytics.core.report.sample import Sample
from analytics.core.stationarity.lags import Lags
from analytics.csvfile import read_pair
from analytics.pairtext import as_text
from market.errors import LivepairsError


class Command(BaseCommand):
    help = "Pair statistics of two columns of a CSV file: hedge, spread, z-score, cointegration, half-life."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="CSV with a header; rows are bars in order")
        parser.add_argument("--y", required=True, metavar="COL", help="column of the dependent leg")
        parser.add_argument("--x", required=True, metavar="COL", help="column of the hedge leg")
        parser.add_argument("--time", metavar="COL", help="column of times (found by name; may be missing)")
        parser.add_argument("--prices", choices=["log", "raw"], default="log", help="space of fit and tests")
        parser.add_argument("--hedge", default="ols", metavar="METHOD", help=f"one of {', '.join(methods())}")
        parser.add_argument("--lags", default="bic", metavar="N|aic|bic", help="lagged differences of all tests")
        parser.add_argument("--window", type=int, default=240, metavar="N", help="bars of the z-score's window")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = as_json(_report(options))
        except (LivepairsError, ValueError) as error:
            raise CommandError(str(error)) from error
        text = json.dumps(report, indent=2, allow_nan=False) if options["json"] else as_text(report)
        self.stdout.write(text)


def _report(options: dict[str, Any]) -> Any:
    if options["hedge"] not in methods():
        raise ValueError(f"Unknown hedge {options['hedge']!r}: use one of {', '.join(methods())}.")
    if options["window"] < 2:
        raise ValueError(f"--window {options['window']} is too short: use at least 2 bars.")
    params = ReportParams(
        prices=options["prices"],
        hedge=options["hedge"],
        lags=Lags.parse(options["lags"]),
        z_window=options["window"],
    )
    pair = read_pair(options["file"], options["y"], options["x"], time=options["time"], is_log=params.prices == "log")
    return pair_report(Sample((options["y"], options["x"]), params.prices, pair.y, pair.x, pair.opened_ms), params)

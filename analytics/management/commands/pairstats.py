"""`manage.py pairstats FILE.csv --y COL --x COL`: what livepairs says about columns of prices, without a server."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from analytics.core.cointegration.basket import basket
from analytics.core.hedges import methods
from analytics.core.moments import logs
from analytics.core.quickcheck import Rules
from analytics.core.report.as_json import as_json
from analytics.core.report.basket import basket_json
from analytics.core.report.pair import pair_report
from analytics.core.report.params import ReportParams
from analytics.core.report.sample import Sample
from analytics.core.stationarity.lags import Lags
from analytics.csvfile import read_columns, read_pair
from analytics.pairtext import as_text, basket_text
from market.errors import LivepairsError

MOST_LEGS = 6


class Command(BaseCommand):
    help = "Statistics of two columns of a CSV file, or of a basket of up to six: fit, score, tests, a quick check."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="CSV with a header, .gz too; rows are bars in order")
        parser.add_argument("--y", required=True, metavar="COL", help="column of the dependent leg")
        parser.add_argument(
            "--x", required=True, action="append", metavar="COL", help="column of the hedge leg; repeat it for a basket"
        )
        parser.add_argument("--time", metavar="COL", help="column of times (found by name; may be missing)")
        parser.add_argument("--prices", choices=["log", "raw"], default="log", help="space of fit and tests")
        parser.add_argument("--hedge", default="ols", metavar="METHOD", help=f"one of {', '.join(methods())}")
        parser.add_argument("--lags", default="bic", metavar="N|aic|bic", help="lagged differences of all tests")
        parser.add_argument("--window", type=int, default=240, metavar="N", help="bars of the z-score's window")
        parser.add_argument(
            "--hedge-window", type=int, metavar="N", help="bars of the quick check's line (a quarter of the file)"
        )
        parser.add_argument("--entry", type=float, default=2.0, metavar="Z", help="|z| at which the check enters")
        parser.add_argument("--exit", type=float, default=0.5, metavar="Z", help="|z| at which the check leaves")
        parser.add_argument("--fee-bps", type=float, default=5.0, metavar="BPS", help="fee a leg and trade")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        is_basket = len(options["x"]) > 1
        try:
            report = _basket(options) if is_basket else _pair(options)
        except (LivepairsError, ValueError) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(report, indent=2, allow_nan=False))
        else:
            self.stdout.write(basket_text(report) if is_basket else as_text(report))


def _pair(options: dict[str, Any]) -> dict[str, Any]:
    params = _params(options)
    y, x = options["y"], options["x"][0]
    pair = read_pair(options["file"], y, x, time=options["time"], is_log=params.prices == "log")
    return as_json(pair_report(Sample((y, x), params.prices, pair.y, pair.x, pair.opened_ms), params))


def _basket(options: dict[str, Any]) -> dict[str, Any]:
    legs = (options["y"], *options["x"])
    if len(legs) > MOST_LEGS:
        raise ValueError(f"{len(legs)} legs are too many for a basket: use at most {MOST_LEGS}.")
    if options["hedge"] not in ("ols", "johansen"):
        raise ValueError(f"A basket is hedged by Johansen's vector; --hedge {options['hedge']} takes two legs.")
    lags = Lags.parse(options["lags"])
    prices = read_columns(options["file"], legs, time=options["time"], is_log=options["prices"] == "log").values
    values = logs(prices.ravel()).reshape(prices.shape) if options["prices"] == "log" else prices
    return basket_json(basket(values, lags), legs, options["prices"], str(lags))


def _params(options: dict[str, Any]) -> ReportParams:
    if options["hedge"] not in methods():
        raise ValueError(f"Unknown hedge {options['hedge']!r}: use one of {', '.join(methods())}.")
    if options["window"] < 2:
        raise ValueError(f"--window {options['window']} is too short: use at least 2 bars.")
    hedge_window = options["hedge_window"]
    if hedge_window is not None and hedge_window < 3:
        raise ValueError(f"--hedge-window {hedge_window} is too short: use at least 3 bars.")
    return ReportParams(
        prices=options["prices"],
        hedge=options["hedge"],
        lags=Lags.parse(options["lags"]),
        hedge_window=hedge_window,
        z_window=options["window"],
        rules=Rules(entry=options["entry"], exit=options["exit"], fee_bps=options["fee_bps"]),
    )

"""The full report of a spec (tests and their inputs), refreshed on a slower schedule than its series."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from analytics.core.report.as_json import as_json
from analytics.core.report.live import live_report
from analytics.core.report.pair import Report
from analytics.core.report.params import ReportParams
from analytics.core.stationarity.lags import Lags
from analytics.follow import Series
from analytics.models import PairReport, PairSpec

log = logging.getLogger(__name__)

#: event time between two reports of a spec; longer bars get one each
EVERY_MS = 10_000
#: reports in one step of a worker, those that wait longest first: scores of the next bar must not wait for tests
A_STEP = 8


@dataclass
class Reports:
    """When each spec was last reported on, in event time."""

    computed_ms: dict[int, int] = field(default_factory=dict)

    def due(self, closed_ms: dict[int, int]) -> list[int]:
        """Ids of the specs that get a report now; `closed_ms` is the end of the newest bar of each."""
        waits = {spec: closed - self.computed_ms.get(spec, 0) for spec, closed in closed_ms.items()}
        return sorted((spec for spec, wait in waits.items() if wait >= EVERY_MS), key=lambda spec: -waits[spec])[
            :A_STEP
        ]

    def make(self, spec: PairSpec, closed_ms: int, series_of: Callable[[], Series]) -> dict[str, Any]:
        """A report as of the end of the newest bar, stored; `series_of` scores the series that it is about."""
        self.computed_ms[spec.pk] = closed_ms
        data = as_json(_report(spec, series_of)) | {"as_of_ms": closed_ms}
        as_of = datetime.fromtimestamp(closed_ms / 1000, UTC)
        PairReport.objects.update_or_create(spec=spec, defaults={"as_of": as_of, "data": data})
        return data


def _report(spec: PairSpec, series_of: Callable[[], Series]) -> Report:
    """The report, or that there is none: tests that fail on one pair must not hold up the scores of all."""
    params = params_of_report(spec)
    try:
        series = series_of()
        return live_report(series.scores, series.y, series.x, params)
    except (ValueError, ArithmeticError) as error:
        log.exception("spec %s cannot be reported on", spec.pk)
        symbols = (spec.y.symbol, spec.x.symbol)
        return Report.unknown(symbols, params, f"the report could not be computed: {error}")


def params_of_report(spec: PairSpec) -> ReportParams:
    """How a spec is reported on."""
    return ReportParams(
        prices="raw" if spec.prices == "raw" else "log",
        hedge=spec.hedge,
        lags=Lags.parse(spec.lags),
        hedge_window=spec.hedge_window,
        z_window=spec.z_window,
        steps=(float(spec.y.step_size or 0), float(spec.x.step_size or 0)),
    )

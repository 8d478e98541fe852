"""The full report of a spec (tests and their inputs), refreshed on a slower schedule than its series."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from analytics.core.align import Grid
from analytics.core.report.as_json import as_json
from analytics.core.report.pair import ReportParams, grid_report
from analytics.core.stationarity.lags import Lags
from analytics.models import PairReport, PairSpec
from market.core.types import Timeframe

#: event time between two reports; longer bars get one each
EVERY_MS = 10_000


@dataclass
class Reports:
    """When each spec was last reported on, in event time."""

    computed_ms: dict[int, int] = field(default_factory=dict)

    def refresh(self, spec: PairSpec, scored_ms: int, grid_of: Callable[[int], Grid]) -> dict[str, Any] | None:
        """A new report as of the newest slot, stored; None while the old one is young enough.

        `grid_of` gives the newest slots, as many as asked for.
        """
        as_of_ms = scored_ms + Timeframe(spec.timeframe).ms
        last = self.computed_ms.get(spec.pk)
        if last is not None and as_of_ms - last < EVERY_MS:
            return None
        self.computed_ms[spec.pk] = as_of_ms
        grid = grid_of(spec.hedge_window + 1)
        params = ReportParams(
            prices="raw" if spec.prices == "raw" else "log",
            hedge=spec.hedge,
            lags=Lags.parse(spec.lags),
            z_window=spec.z_window,
        )
        as_of = datetime.fromtimestamp(as_of_ms / 1000, UTC)
        data = as_json(grid_report(grid, params, hedge_window=spec.hedge_window)) | {"as_of_ms": as_of_ms}
        PairReport.objects.update_or_create(spec=spec, defaults={"as_of": as_of, "data": data})
        return data

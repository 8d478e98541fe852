from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from market.core.types import Timeframe
from market.models import Instrument


class PairSpec(models.Model):
    """What is computed for two legs, once for all users who watch it. Windows are counted in bars."""

    y = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="+")
    x = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="+")
    timeframe = models.SmallIntegerField(choices=[(int(t), t.label) for t in Timeframe])
    hedge = models.CharField(max_length=16, default="ols")
    prices = models.CharField(max_length=3, default="log", choices=[("log", "log"), ("raw", "raw")])
    hedge_window = models.PositiveIntegerField()
    z_window = models.PositiveIntegerField()
    correlation_window = models.PositiveIntegerField()
    #: lagged differences of all unit-root tests: bic, aic or a number
    lags = models.CharField(max_length=4, default="bic")
    #: open at which a hedge method with memory (expanding, kalman) began; set when it is first computed
    started_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    #: newest sequence number of the topic `spec.<id>`; survives restarts
    seq = models.BigIntegerField(default=0)
    #: what the forming bar is scored with, as of `seq`: line, mean and deviation of the spread
    forming = models.JSONField(null=True)

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=[
                    "y",
                    "x",
                    "timeframe",
                    "hedge",
                    "prices",
                    "hedge_window",
                    "z_window",
                    "correlation_window",
                    "lags",
                ],
                name="pair_spec_once",
            ),
            CheckConstraint(condition=~Q(y=F("x")), name="pair_spec_two_legs"),
        ]

    @property
    def topic(self) -> str:
        return f"spec.{self.pk}"

from django.db import models

from analytics.models.spec import PairSpec


class Snapshot(models.Model):
    """The statistics of one spec at one final bar. NULL is unknown, `unknown` says why."""

    pk = models.CompositePrimaryKey("spec_id", "opened_at")
    spec = models.ForeignKey(PairSpec, on_delete=models.CASCADE, related_name="snapshots")
    opened_at = models.DateTimeField()
    #: sequence number of the last message that carried this row
    seq = models.BigIntegerField()
    price_y = models.FloatField(null=True)
    price_x = models.FloatField(null=True)
    hedge_ratio = models.FloatField(null=True)
    intercept = models.FloatField(null=True)
    spread = models.FloatField(null=True)
    zscore = models.FloatField(null=True)
    correlation = models.FloatField(null=True)
    hedge_stderr = models.FloatField(null=True)
    intercept_stderr = models.FloatField(null=True)
    hedge_r2 = models.FloatField(null=True)
    #: rows of the hedge fit
    hedge_n = models.IntegerField(null=True)
    #: score of the Kalman filter's innovation
    innovation = models.FloatField(null=True)
    #: values of registered metrics that have no column, by name
    more = models.JSONField(null=True)
    #: state of a hedge method with memory after this bar; kept for one bar in 64
    memory = models.JSONField(null=True)
    #: why a value is null or not yet final, by its name on the wire: {"z": "warming up 130 of 600"}
    unknown = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["spec", "seq"], name="snapshot_spec_seq")]


class PairReport(models.Model):
    """The newest full report of a spec: hedge fit and tests with their inputs, as of one bar."""

    spec = models.OneToOneField(PairSpec, on_delete=models.CASCADE, primary_key=True, related_name="report")
    as_of = models.DateTimeField()
    computed_at = models.DateTimeField(auto_now=True)
    data = models.JSONField()

"""What happened on the exchanges: instruments, ticks, bars, gaps, and the state of the feed."""

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from market.core.types import BarFlag, Timeframe
from market.querysets import BarQuerySet, GapQuerySet, InstrumentQuerySet


class Instrument(models.Model):
    """One contract of one venue. The symbol is opaque UTF-8; nothing is read out of its letters."""

    id = models.AutoField(primary_key=True)
    venue = models.CharField(max_length=32)
    symbol = models.CharField(max_length=64)
    base_asset = models.CharField(max_length=32, default="")
    quote_asset = models.CharField(max_length=32, default="")
    contract_type = models.CharField(max_length=32, default="")
    status = models.CharField(max_length=32, default="TRADING")
    tick_size = models.DecimalField(max_digits=30, decimal_places=15, null=True)
    step_size = models.DecimalField(max_digits=30, decimal_places=15, null=True)
    onboarded_at = models.DateTimeField(null=True)
    delivery_at = models.DateTimeField(null=True)
    #: by staff: not recorded, not back-filled, not selectable; `blocked_reason` is told to users
    is_blocked = models.BooleanField(default=False)
    blocked_reason = models.CharField(max_length=200, default="", blank=True)

    objects = InstrumentQuerySet.as_manager()

    class Meta:
        constraints = [UniqueConstraint(fields=["venue", "symbol"], name="instrument_venue_symbol")]

    def __str__(self) -> str:
        return f"{self.venue}:{self.symbol}"


class SymbolDemand(models.Model):
    """Somebody wants this instrument recorded; rows are the reference count (`holder` is "pair:12", "setting")."""

    instrument = models.ForeignKey(Instrument, on_delete=models.CASCADE, related_name="demands")
    holder = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [UniqueConstraint(fields=["instrument", "holder"], name="demand_once")]


class Tick(models.Model):
    """One print, immutable. Partitioned by UTC day; each partition has the key (instrument, trade_id)."""

    pk = models.CompositePrimaryKey("instrument_id", "trade_id")
    trade_id = models.BigIntegerField()
    traded_at = models.DateTimeField()
    price = models.FloatField()
    size = models.FloatField()
    instrument = models.ForeignKey(Instrument, on_delete=models.DO_NOTHING, db_constraint=False)
    is_buyer_maker = models.BooleanField()

    class Meta:
        managed = False
        db_table = "market_tick"


class IngestBatch(models.Model):
    """One commit of the writer: the order in which data became known. Bars and replay follow `id`.

    `ranges` is [[instrument_id, first_id, last_id, first_ms, last_ms, count], …]: ids and event times
    are minima and maxima, ticks between them may belong to other batches. `watermark_ms` is the newest
    event time of the connection at commit. `received_ms` is the receipt of the oldest frame (wall clock).
    """

    venue = models.CharField(max_length=32)
    committed_at = models.DateTimeField()
    watermark_ms = models.BigIntegerField()
    received_ms = models.BigIntegerField(null=True)
    ranges = models.JSONField()


class BarCursor(models.Model):
    """How far a bar shard has read the batches, and the watermark of each venue that it has closed bars up to."""

    shard = models.IntegerField(primary_key=True)
    batch_id = models.BigIntegerField(default=0)
    watermarks = models.JSONField(default=dict)


class Bar(models.Model):
    """OHLCV over [opened_at, opened_at + timeframe), from ticks or from the venue's klines."""

    TICKS, KLINES = 0, 1

    pk = models.CompositePrimaryKey("instrument_id", "timeframe", "source", "opened_at")
    instrument = models.ForeignKey(Instrument, on_delete=models.DO_NOTHING, db_constraint=False)
    timeframe = models.SmallIntegerField(choices=[(int(t), t.label) for t in Timeframe])
    source = models.SmallIntegerField(default=TICKS, choices=[(TICKS, "ticks"), (KLINES, "klines")])
    opened_at = models.DateTimeField()
    open = models.FloatField()
    high = models.FloatField()
    low = models.FloatField()
    close = models.FloatField()
    volume = models.FloatField()
    quote_volume = models.FloatField()
    buy_volume = models.FloatField()
    trades = models.BigIntegerField(null=True)
    first_id = models.BigIntegerField(null=True)
    last_id = models.BigIntegerField(null=True)
    first_ms = models.BigIntegerField(null=True)
    last_ms = models.BigIntegerField(null=True)
    revision = models.IntegerField(default=0)
    flags = models.SmallIntegerField(default=0)
    #: newest batch of the step that wrote this row last, so that what changed since a batch is a query
    batch = models.BigIntegerField(db_default=0)

    objects = BarQuerySet.as_manager()

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(low__gt=0) & Q(high__lt=float("inf")), name="bar_finite"),
            CheckConstraint(condition=Q(low__lte=F("high")), name="bar_low_high"),
        ]

    @property
    def is_final(self) -> bool:
        return bool(self.flags & BarFlag.FINAL)

    @property
    def vwap(self) -> float | None:
        return self.quote_volume / self.volume if self.volume else None


class Gap(models.Model):
    """Trade ids known to miss. `history` gaps are the warm-up of a new symbol and wait for all others."""

    class State(models.TextChoices):
        OPEN = "open"
        FILLING = "filling"
        WAITING_FOR_DUMP = "waiting_for_dump"
        FILLED = "filled"
        LOST = "lost"

    class Cause(models.TextChoices):
        CUT = "cut", "connection cut"
        JUMP = "jump", "ids jumped in the stream"
        RESTART = "restart", "recorder was not running"
        REJECTED = "rejected", "frame could not be read"
        HISTORY = "history", "warm-up of a new symbol"

    instrument = models.ForeignKey(Instrument, on_delete=models.CASCADE, related_name="gaps")
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    first_ms = models.BigIntegerField(help_text="event time of the last tick before the gap")
    last_ms = models.BigIntegerField(help_text="event time of the first tick after the gap")
    cause = models.CharField(max_length=16, choices=Cause.choices)
    state = models.CharField(max_length=20, choices=State.choices, default=State.OPEN)
    filled_rows = models.BigIntegerField(default=0)
    tries = models.IntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500, default="")
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True)

    objects = GapQuerySet.as_manager()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["instrument", "first_id", "last_id"], name="gap_once"),
            CheckConstraint(condition=Q(first_id__lte=F("last_id")), name="gap_ordered"),
        ]


class SymbolState(models.Model):
    """Where one instrument stands; written by ingest, read by pages and checks."""

    class State(models.TextChoices):
        CONNECTING = "connecting"
        LIVE = "live"
        SILENT = "silent"
        GAP = "gap"
        BACKFILLING = "back-filling"
        BLOCKED = "blocked"
        HALTED = "halted"
        PAUSED = "paused"

    instrument = models.OneToOneField(Instrument, on_delete=models.CASCADE, primary_key=True, related_name="state")
    state = models.CharField(max_length=16, choices=State.choices, default=State.CONNECTING)
    reason = models.CharField(max_length=300, default="")
    changed_at = models.DateTimeField()
    last_trade_id = models.BigIntegerField(null=True)
    last_trade_ms = models.BigIntegerField(null=True)
    last_price = models.FloatField(null=True)
    #: from the event to its receipt, of the newest trade; negative where the clocks differ
    lag_ms = models.BigIntegerField(null=True)


class FundingState(models.Model):
    """Funding of one perpetual, as the venue last told it. NULL: not told."""

    instrument = models.OneToOneField(Instrument, on_delete=models.CASCADE, primary_key=True, related_name="funding")
    #: at `next_at`, as a fraction of the notional; the longs pay a positive one
    rate = models.FloatField(null=True)
    interval_hours = models.IntegerField(null=True)
    next_at = models.DateTimeField()
    mark_price = models.FloatField(null=True)
    #: by our clock
    told_at = models.DateTimeField()


class FundingRate(models.Model):
    """One funding that took place: the longs paid `rate` of the notional, or were paid a negative one."""

    instrument = models.ForeignKey(Instrument, on_delete=models.CASCADE, related_name="funding_rates")
    #: as the venue stamps it, some ms after the full hour
    funded_at = models.DateTimeField()
    rate = models.FloatField()

    class Meta:
        constraints = [UniqueConstraint(fields=["instrument", "funded_at"], name="funding_once")]
        indexes = [models.Index(fields=["funded_at"], name="funding_by_time")]


class ConnectionState(models.Model):
    """Where one connection to the exchange stands."""

    name = models.CharField(max_length=64, primary_key=True)
    venue = models.CharField(max_length=32)
    state = models.CharField(max_length=16, choices=SymbolState.State.choices)
    reason = models.CharField(max_length=300, default="")
    changed_at = models.DateTimeField()
    connected_at = models.DateTimeField(null=True)
    last_frame_at = models.DateTimeField(null=True)
    watermark_ms = models.BigIntegerField(null=True)
    reconnects = models.IntegerField(default=0)


class FeedControl(models.Model):
    """The one row that says which venue is recorded and whether staff paused it."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    venue = models.CharField(max_length=32, default="")
    is_paused = models.BooleanField(default=False)
    paused_by = models.CharField(max_length=150, default="")
    reason = models.CharField(max_length=300, default="", help_text="why this venue, e.g. exchange not reachable")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [CheckConstraint(condition=Q(id=1), name="feed_control_single")]


class QuarantinedFrame(models.Model):
    """A frame or row that could not become a tick, with its reason. The newest few of each reason are kept."""

    venue = models.CharField(max_length=32)
    reason = models.CharField(max_length=100)
    detail = models.CharField(max_length=500)
    text = models.CharField(max_length=2_000)
    received_at = models.DateTimeField(auto_now_add=True)


class QuarantineCount(models.Model):
    """How many frames were refused for one reason since the start of the record."""

    venue = models.CharField(max_length=32)
    reason = models.CharField(max_length=100)
    frames = models.BigIntegerField(default=0)

    class Meta:
        constraints = [UniqueConstraint(fields=["venue", "reason"], name="quarantine_reason_once")]

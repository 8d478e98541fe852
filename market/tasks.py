"""Celery tasks of the market. Tasks carry no data: they say that there may be work."""

import logging
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from market import partitions, resample
from market.core.types import Timeframe
from market.models import Bar, IngestBatch

log = logging.getLogger(__name__)

#: bars below one minute are kept this long; longer ones for ever
SHORT_BARS_KEPT = timedelta(days=7)


@shared_task(name="market.tasks.close_bars")
def close_bars(shard: int) -> None:
    """Bring the bars of one shard up to the newest batch. Running it twice changes nothing."""
    while resample.close_bars(shard):
        pass


@shared_task(name="market.tasks.maintain_days")
def maintain_days() -> None:
    """Make the partitions of the days ahead, drop what retention no longer keeps."""
    now = timezone.now()
    partitions.ensure_ahead(now)
    dropped = partitions.prune(now - settings.RETENTION)
    if dropped:
        log.info("dropped by retention: %s", ", ".join(dropped))
    IngestBatch.objects.filter(committed_at__lt=now - settings.RETENTION).delete()
    Bar.objects.filter(timeframe__lt=Timeframe.M1, opened_at__lt=now - SHORT_BARS_KEPT).delete()

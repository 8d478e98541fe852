"""Celery tasks of the market. Tasks carry no data: they say that there may be work."""

from celery import shared_task

from market import resample


@shared_task(name="market.tasks.close_bars")
def close_bars(shard: int) -> None:
    """Bring the bars of one shard up to the newest batch. Running it twice changes nothing."""
    while resample.close_bars(shard):
        pass

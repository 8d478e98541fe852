"""Upward notice: what a higher app may want to know of the market."""

from django.dispatch import Signal

#: kwargs: shard: int, from_batch: int, to_batch: int, watermark_ms: int, received_ms: int | None,
#: changes: {instrument_id: {timeframe: earliest changed open in ms}}
bars_changed = Signal()

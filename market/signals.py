"""Upward notice: what a higher app may want to know of the market."""

from django.dispatch import Signal

#: sent after the commit of bars; kwargs: shard: int, changes: market.resample.Changes
bars_changed = Signal()

"""Frames that could not become ticks: all counted by reason, the newest few kept to be looked at."""

from collections import Counter
from collections.abc import Sequence

from django.db.models import F
from django.utils import timezone

from market.models import QuarantineCount, QuarantinedFrame
from market.venues.base import Rejected

KEPT = 20


def keep(venue: str, rejected: Sequence[Rejected]) -> None:
    """Count each frame and keep the newest `KEPT` of its reason."""
    for reason, frames in Counter(r.reason for r in rejected).items():
        QuarantineCount.objects.get_or_create(venue=venue, reason=reason)
        QuarantineCount.objects.filter(venue=venue, reason=reason).update(frames=F("frames") + frames)
        newest = [r for r in rejected if r.reason == reason][-KEPT:]
        QuarantinedFrame.objects.bulk_create(
            QuarantinedFrame(
                venue=venue, reason=reason, detail=r.detail[:500], text=_storable(r.text), received_at=timezone.now()
            )
            for r in newest
        )
        of_reason = QuarantinedFrame.objects.filter(venue=venue, reason=reason)
        kept = of_reason.order_by("-id").values_list("id", flat=True)[:KEPT]
        of_reason.exclude(id__in=list(kept)).delete()


def _storable(text: str) -> str:
    """Text that Postgres accepts: no NUL, no lone surrogates, short."""
    return text.replace("\0", "\\0").encode("utf-8", "backslashreplace").decode()[:2_000]

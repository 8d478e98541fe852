"""What locking users means for their pairs, for accounts/effects.py."""

from collections.abc import Collection

from analytics.models import Pair, PublicLink, Share


def of_locking(user_ids: Collection[int]) -> str:
    shares = Share.objects.filter(owner_id__in=user_ids).count()
    links = PublicLink.objects.open().filter(owner_id__in=user_ids).count()
    views = Pair.objects.filter(owner_id__in=user_ids).count()
    return f"Stops {views:,} live views, and closes {shares:,} shares and {links:,} public links to others"

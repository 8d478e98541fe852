from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from market.partitions import ensure_ahead, prune


class Command(BaseCommand):
    help = "Drop days of ticks older than LIVEPAIRS_RETENTION_DAYS and make the coming days."

    def handle(self, *args: Any, **options: Any) -> None:
        ensure_ahead(timezone.now())
        dropped = prune(timezone.now() - settings.RETENTION)
        self.stdout.write(f"dropped {len(dropped)}: {', '.join(dropped) or 'nothing is old enough'}")

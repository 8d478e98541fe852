"""Topic `watch.<spec id>`: a row of the watch list."""

from collections.abc import Collection

from analytics.frames import Merge
from analytics.models import PairSpec
from analytics.topics.base import Ask, TopicKind, no_such, row_id
from analytics.topics.spec import held_specs
from analytics.watch import stored_watch


class WatchTopic(TopicKind):
    name = "watch"
    merge = Merge.NEWEST

    def allowed(self, asks: Collection[Ask]) -> set[Ask]:
        """Asks of users who follow the spec."""
        return held_specs(asks)

    def frame(self, key: str, since: int | None, points: int) -> str:
        spec = PairSpec.objects.filter(pk=row_id(f"watch.{key}", key)).first()
        if spec is None:
            raise no_such(f"watch.{key}")
        return stored_watch(spec)

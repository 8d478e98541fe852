"""Topic `feed`: how the recording stands, connections and symbols."""

from collections.abc import Collection

from analytics.frames import Merge
from analytics.topics.base import Ask, TopicKind, no_such
from market.feed import feed_data
from market.topics import encode


class FeedTopic(TopicKind):
    name = "feed"
    merge = Merge.NEWEST

    def allowed(self, asks: Collection[Ask]) -> set[Ask]:
        """For everybody who is logged in."""
        return {ask for ask in asks if ask[1] == ""}

    def frame(self, key: str, since: int | None, points: int) -> str:
        if key:
            raise no_such(f"feed.{key}")
        stamp, data = feed_data()
        return encode("feed", seq=stamp, prev=None, at=stamp, kind="snapshot", data=data)

"""Topic `user.<id>`: what concerns one user alone. Its frames are never merged or dropped."""

from collections.abc import Collection

from analytics.frames import Merge
from analytics.topics.base import Ask, TopicKind
from market.topics import encode


class UserTopic(TopicKind):
    name = "user"
    merge = Merge.NEVER

    def allowed(self, asks: Collection[Ask]) -> set[Ask]:
        return {(user, key) for user, key in asks if key == str(user)}

    def frame(self, key: str, since: int | None, points: int) -> str:
        """Nothing is stored for a user yet, so the snapshot is empty."""
        return encode(f"user.{key}", seq=since or 0, prev=None, at=0, kind="snapshot", data={})

"""What the analytics keep of a user, for the download of all own data."""

from accounts.own_data import register
from analytics.models import Pair, SavedView


def register_tables() -> None:
    legs = ("spec__y__venue", "spec__y__symbol", "spec__x__venue", "spec__x__symbol", "spec__timeframe")
    register("pairs", Pair, ("name", "note", "on_list", "created_at", "seen_at", *legs))
    register("saved-views", SavedView, ("name", "address", "created_at"))

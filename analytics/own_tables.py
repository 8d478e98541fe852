"""What the analytics keep of a user, for the download of all own data."""

from accounts.own_data import register
from analytics.models import Pair, PublicLink, SavedView, Share


def register_tables() -> None:
    legs = ("spec__y__venue", "spec__y__symbol", "spec__x__venue", "spec__x__symbol", "spec__timeframe")
    register("pairs", Pair, ("name", "note", "on_list", "created_at", "seen_at", *legs))
    register("saved-views", SavedView, ("name", "address", "created_at"))
    of_pair = ("pair__spec__y__symbol", "pair__spec__x__symbol")
    register("shares", Share, ("name", "created_at", "view__name", *of_pair))
    register("public-links", PublicLink, ("query", "created_at", "expires_at", "revoked_at", *of_pair))

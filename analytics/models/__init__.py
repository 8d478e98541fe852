"""Pairs: what is computed (PairSpec), whose it is (Pair, SavedView), who else sees it (Share, PublicLink), results."""

from analytics.models.pair import Pair
from analytics.models.result import PairReport, Snapshot
from analytics.models.share import PublicLink, Share
from analytics.models.spec import PairSpec
from analytics.models.view import SavedView

__all__ = ["Pair", "PairReport", "PairSpec", "PublicLink", "SavedView", "Share", "Snapshot"]

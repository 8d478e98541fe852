"""Pairs: what is computed (PairSpec), whose it is (Pair, SavedView), and what came out (Snapshot, PairReport)."""

from analytics.models.pair import Pair
from analytics.models.result import PairReport, Snapshot
from analytics.models.spec import PairSpec
from analytics.models.view import SavedView

__all__ = ["Pair", "PairReport", "PairSpec", "SavedView", "Snapshot"]

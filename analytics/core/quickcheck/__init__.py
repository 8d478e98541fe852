"""The quick mean-reversion check (S13): what trading a pair's z-score would have brought, both legs at their prices."""

from analytics.core.quickcheck.check import quick_check
from analytics.core.quickcheck.result import QuickCheck, RoundTrip
from analytics.core.quickcheck.summary import summary
from analytics.core.quickcheck.tape import Rules, Tape

__all__ = ["QuickCheck", "RoundTrip", "Rules", "Tape", "quick_check", "summary"]

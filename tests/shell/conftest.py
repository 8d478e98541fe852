"""Fixtures of tests that share a pair, or count tries."""

import pytest
from django.core.cache import cache

from tests.shell.pipeline_support import recorder, spec

__all__ = ["no_tries_yet", "recorder", "spec"]


@pytest.fixture
def no_tries_yet(db: None) -> None:
    """The counts of tries are in no model, so what a real web process wrote for another test is still there."""
    cache.clear()

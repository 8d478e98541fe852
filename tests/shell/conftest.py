"""Fixtures of tests that share a pair."""

from tests.shell.pipeline_support import recorder, spec

__all__ = ["recorder", "spec"]

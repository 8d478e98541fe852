"""Composition of livepairs: settings, URLs, processes. No business rule lives here."""

from livepairs.celery import app as celery_app

__all__ = ["celery_app"]

"""Live topics. A module of this package that defines a TopicKind makes it known; there is no list to edit."""

import importlib
import pkgutil

from analytics.topics.base import Ask, RefusedError, TopicKind, kind_of, known_kinds, topic_frame

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")

__all__ = ["Ask", "RefusedError", "TopicKind", "kind_of", "known_kinds", "topic_frame"]

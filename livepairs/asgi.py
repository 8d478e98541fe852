"""ASGI entry point: pages over HTTP, live topics over one websocket."""

import os
from typing import Any, cast

from django.core.asgi import get_asgi_application
from django.core.signals import request_finished
from django.db import connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "livepairs.settings")
# Loads the apps; routing imports models and comes after it
pages = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.sessions import SessionMiddlewareStack  # noqa: E402

from analytics.routing import websocket_urlpatterns  # noqa: E402
from livepairs.edge import Application, BodyLimit, SameOrigin, without_forged_prefix  # noqa: E402

application = without_forged_prefix(
    ProtocolTypeRouter(
        {
            "http": BodyLimit(cast(Application, pages)),
            "websocket": SameOrigin(SessionMiddlewareStack(URLRouter(websocket_urlpatterns))),
        }
    )
)


def _close_connections(**_: Any) -> None:
    """Each request has a thread of its own, with its connection: kept open it would serve nobody, and wait in the
    garbage for its end, while the database has so many places.
    """
    for each in connections.all(initialized_only=True):
        if not each.in_atomic_block:
            each.close()


request_finished.connect(_close_connections, dispatch_uid="livepairs.asgi")

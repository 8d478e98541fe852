"""ASGI entry point: pages over HTTP, live topics over one websocket."""

import os
from typing import cast

from django.core.asgi import get_asgi_application

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

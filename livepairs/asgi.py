"""ASGI entry point: pages over HTTP, live topics over one websocket."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "livepairs.settings")

application = get_asgi_application()

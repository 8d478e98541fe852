"""What every page says about livepairs itself."""

from django.conf import settings
from django.http import HttpRequest

from livepairs.version import Version


def version(request: HttpRequest) -> dict[str, Version]:
    return {"version": settings.VERSION}

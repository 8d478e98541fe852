"""What every page says about livepairs itself."""

from django.http import HttpRequest

from livepairs.version import Version
from livepairs.version import version as current


def version(request: HttpRequest) -> dict[str, Version]:
    return {"version": current()}

"""Who is logged in: asked by a page that was open when its login ended."""

from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.http import require_GET


@require_GET
def session(request: HttpRequest) -> JsonResponse:
    """`csrf` is for the forms of the page: a login makes those they had worthless."""
    return JsonResponse({"user": request.user.pk, "csrf": get_token(request)})

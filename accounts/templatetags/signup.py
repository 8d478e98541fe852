"""Whether new users are taken, and whom to ask."""

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def signup_state() -> dict[str, str]:
    return {"mode": settings.SIGNUP, "contact": settings.CONTACT}

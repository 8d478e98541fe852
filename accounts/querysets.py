"""The one door to objects that belong to a user."""

from typing import Any, Self, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import models

M = TypeVar("M", bound=models.Model)


class OwnedQuerySet(models.QuerySet[M, M]):
    """Rows with an `owner`; every read by a user passes through `owned_by`."""

    def owned_by(self, user: Any) -> Self:
        if isinstance(user, AnonymousUser) or not user.is_active:
            return self.none()
        return self.filter(owner=user)

"""Raw records of pairs and of what is shared. What was computed is not changed by hand."""

from typing import Any

from django.contrib import admin

from accounts.admin import AuditedAdmin
from accounts.reading import ReadOnlyAdmin
from analytics.models import Pair, PairReport, PairSpec, PublicLink, SavedView, Share

_LEGS = ("y__symbol", "x__symbol")


@admin.register(PairSpec)
class PairSpecAdmin(ReadOnlyAdmin):
    list_display = ("id", "y", "x", "timeframe", "hedge", "prices", "seq")
    list_filter = ("timeframe", "hedge", "prices")
    search_fields = _LEGS
    list_select_related = ("y", "x")


@admin.register(Pair)
class PairAdmin(ReadOnlyAdmin):
    """A user's own: looked at by staff, changed by its owner. The note is private and is not shown."""

    list_display = ("id", "owner", "legs", "on_list", "seen_at", "created_at")
    list_filter = ("on_list", "spec__timeframe")
    search_fields = ("owner__username", "spec__y__symbol", "spec__x__symbol")
    list_select_related = ("owner", "spec__y", "spec__x")
    exclude = ("note",)

    @admin.display(description="legs")
    def legs(self, pair: Any) -> str:
        return f"{pair.spec.y.symbol} on {pair.spec.x.symbol}"


@admin.register(SavedView)
class SavedViewAdmin(ReadOnlyAdmin):
    list_display = ("name", "owner", "address", "created_at")
    search_fields = ("owner__username", "name", "address")
    list_select_related = ("owner",)


@admin.register(Share)
class ShareAdmin(AuditedAdmin):
    """Staff may take a share back; nobody makes one for somebody else."""

    list_display = ("id", "owner", "name", "pair", "view", "created_at")
    search_fields = ("owner__username", "name")
    list_select_related = ("owner", "pair", "view")

    def has_add_permission(self, request: Any) -> bool:
        return False

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return False


@admin.register(PublicLink)
class PublicLinkAdmin(ReadOnlyAdmin):
    list_display = ("id", "owner", "pair", "created_at", "expires_at", "revoked_at")
    search_fields = ("owner__username",)
    list_select_related = ("owner", "pair")
    exclude = ("digest",)


@admin.register(PairReport)
class PairReportAdmin(ReadOnlyAdmin):
    list_display = ("spec_id", "as_of", "computed_at")
    search_fields = ("spec__y__symbol", "spec__x__symbol")

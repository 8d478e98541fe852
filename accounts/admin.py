"""Raw records of accounts. What is changed here is in the audit log like what is changed elsewhere."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse

from accounts.audit import by, record
from accounts.confirming import ask_first
from accounts.models import Announcement, AuditEntry, QuotaOverride, User
from accounts.people import effects_of_locking, lock, unlock
from accounts.reading import ReadOnlyAdmin


class AuditedAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # takes no parameter at run time
    """Writes what its forms change, before and after; what a password was is not told."""

    _SECRET = ("password",)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        names = [name for name in form.changed_data if name not in self._SECRET and hasattr(obj, name)]
        before = {name: str(form.initial.get(name)) for name in names} if change else None
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            after = {name: str(form.cleaned_data.get(name)) for name in names}
            record(
                by(request),
                f"{obj._meta.model_name} {'changed' if change else 'added'}",
                subject=str(obj),
                before=before,
                after=after,
            )

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        with transaction.atomic():
            record(by(request), f"{obj._meta.model_name} deleted", subject=str(obj))
            super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        with transaction.atomic():
            for obj in queryset:
                record(by(request), f"{obj._meta.model_name} deleted", subject=str(obj))
            super().delete_queryset(request, queryset)


@admin.register(User)
class AccountAdmin(AuditedAdmin, UserAdmin):  # type: ignore[type-arg]  # UserAdmin takes no parameter at run time
    list_display = ("username", "email", "is_active", "is_staff", "is_superuser", "date_joined", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser", "date_joined")
    search_fields = ("username", "email")
    date_hierarchy = "date_joined"
    actions = ("lock_users", "unlock_users")

    @admin.action(description="Lock users", permissions=["change"])
    def lock_users(self, request: HttpRequest, users: QuerySet[User]) -> TemplateResponse | None:
        actor = request.user
        assert isinstance(actor, User)
        return ask_first(
            self,
            request,
            users,
            title="Lock users",
            effects=lambda asked: effects_of_locking(list(users)),
            deed=lambda asked: f"Locked: {lock(list(users), actor, by(request))}.",
        )

    @admin.action(description="Unlock users", permissions=["change"])
    def unlock_users(self, request: HttpRequest, users: QuerySet[User]) -> TemplateResponse | None:
        actor = request.user
        assert isinstance(actor, User)
        return ask_first(
            self,
            request,
            users,
            title="Unlock users",
            effects=lambda asked: [f"Lets {users.filter(is_active=False).count()} locked users log in again"],
            deed=lambda asked: f"Unlocked: {unlock(list(users), actor, by(request))}.",
        )


@admin.register(QuotaOverride)
class QuotaOverrideAdmin(AuditedAdmin):
    list_display = ("user", "name", "most")
    list_filter = ("name",)
    search_fields = ("user__username", "user__email")
    autocomplete_fields = ("user",)


@admin.register(Announcement)
class AnnouncementAdmin(AuditedAdmin):
    list_display = ("text", "level", "starts_at", "ends_at", "made_by")
    list_filter = ("level",)
    search_fields = ("text",)


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ("at", "actor", "action", "subject", "address")
    list_filter = ("action", "at")
    search_fields = ("actor", "subject", "address")
    date_hierarchy = "at"

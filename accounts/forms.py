"""Forms of accounts that differ from allauth's own."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ResetPasswordForm as AllauthResetPasswordForm
from allauth.account.forms import SignupForm as AllauthSignupForm
from allauth.account.models import EmailAddress
from django import forms
from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import redirect

from accounts import invitations
from accounts.mail_addresses import user_with
from accounts.models import NotificationPlace, User
from accounts.zones import zone_named


class SignupForm(AllauthSignupForm):  # type: ignore[misc]  # allauth has no types
    """With a time zone, which the browser fills in; spends the invitation that opened it."""

    time_zone = forms.CharField(
        max_length=64,
        initial="UTC",
        required=False,
        help_text="Every time on every page is told in this zone.",
        widget=forms.TextInput(
            attrs={"data-module": "zone", "list": "zones", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    field_order = ["email", "username", "password1", "password2", "time_zone"]

    def clean_username(self) -> str:
        name: str = super().clean_username()
        if "@" in name:
            raise forms.ValidationError("A user name has no “@”: it could be taken for the e-mail address of somebody.")
        return name

    def clean_time_zone(self) -> str:
        """A zone that is not known is no reason to refuse somebody."""
        return zone_named(self.cleaned_data["time_zone"]) or "UTC"

    def try_save(self, request: HttpRequest) -> Any:
        invitation = invitations.opened_by(request)
        with transaction.atomic():
            user, answer = super().try_save(request)
            if isinstance(user, User):
                user.time_zone = self.cleaned_data["time_zone"]
                user.save(update_fields=["time_zone"])
                if invitation and not invitations.use(invitation, user):
                    transaction.set_rollback(True)
                    messages.error(request, "Somebody else has used this invitation meanwhile.")
                    return None, redirect("account_signup")
            else:
                # An address that has an account must not be answered sooner
                make_password(self.cleaned_data["password1"])
        request.session.pop(invitations.SESSION_KEY, None)
        return user, answer


class ResetPasswordForm(AllauthResetPasswordForm):  # type: ignore[misc]  # allauth has no types
    """The same queries whether the address has an account."""

    def clean_email(self) -> str:
        typed: str = self.cleaned_data["email"]
        user = user_with(get_adapter().clean_email(typed))
        self.users = [user] if user and user.is_active else []
        return typed

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        if not self.users:
            # As the token of a user looks for addresses
            nobody = EmailAddress.objects.filter(user_id=0)
            list(nobody.values("pk")[:1]), list(nobody.values("email"))
        return str(super().save(request, **kwargs))


class PlaceForm(forms.ModelForm):  # type: ignore[type-arg]  # ModelForm takes no parameter at run time
    """A new place for notifications of one user."""

    class Meta:
        model = NotificationPlace
        fields = ("address",)

    def __init__(self, user: User, data: Any = None) -> None:
        super().__init__(data, instance=NotificationPlace(owner=user, kind=NotificationPlace.Kind.EMAIL))
        self.fields["address"] = forms.EmailField(
            label="E-mail address", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
        )

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"].lower()
        if NotificationPlace.objects.owned_by(self.instance.owner).filter(address=address).exists():
            raise forms.ValidationError(f"{address} is on your list already.")
        return address

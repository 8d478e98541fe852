"""What the link of an invitation opens."""

from http import HTTPStatus

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts import invitations
from accounts.models import User


@require_http_methods(["GET", "POST"])
def open_invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """A visitor goes on to sign-up; whoever has an account may take the role of the first administrator by it."""
    invitation = invitations.find(secret)
    if invitation is None:
        return render(request, "accounts/invitation_gone.html", status=HTTPStatus.NOT_FOUND)
    if not isinstance(request.user, User):
        # The address with the secret stays behind: what the sign-up page links to does not learn it
        request.session[invitations.SESSION_KEY] = secret
        return redirect("account_signup")
    if not invitation.makes_admin:
        messages.info(request, "You have an account. Give the link of the invitation to somebody else.")
        return redirect("home")
    if request.method == "GET":
        return render(request, "accounts/become_admin.html")
    with transaction.atomic():
        is_admin = invitations.use(invitation, request.user)
    if is_admin:
        messages.success(request, "You run this site now.")
    else:
        messages.error(request, "Somebody else has used this link meanwhile.")
    return redirect("home")

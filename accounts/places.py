"""Places where a user may be told something, and the proof that they are the user's own."""

from datetime import timedelta

from django.core.mail import send_mail
from django.core.signing import BadSignature, TimestampSigner
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.models import NotificationPlace, User

MOST = 5
LINK_LIFETIME = timedelta(days=2)
_signer = TimestampSigner(salt="accounts.places")


def verified_places(user: User) -> list[NotificationPlace]:
    """Those that may be written to."""
    return list(NotificationPlace.objects.owned_by(user).exclude(verified_at=None))


def sign(place: NotificationPlace) -> str:
    """What the link of the mail carries: this row with this address."""
    return _signer.sign(f"{place.pk}:{place.address}")


def signed_place(user: User, signed: str) -> NotificationPlace | None:
    """The place of that user the link was sent to; None for a link that is forged, too old, or another user's."""
    try:
        pk, _, address = _signer.unsign(signed, max_age=LINK_LIFETIME).partition(":")
    except BadSignature:
        return None
    return NotificationPlace.objects.owned_by(user).filter(pk=pk, address=address).first()


def confirm(place: NotificationPlace) -> None:
    place.verified_at = timezone.now()
    place.save(update_fields=["verified_at"])


def ask_to_confirm(place: NotificationPlace, link: str) -> None:
    """Only the link goes out; nothing that its sender could have typed."""
    text = render_to_string("accounts/email/confirm_place.txt", {"link": link, "days": LINK_LIFETIME.days})
    send_mail("Confirm this address for notifications of livepairs", text, None, [place.address])

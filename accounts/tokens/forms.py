"""What a user types to make a token."""

from django import forms

from accounts.tokens.model import Scope

DAYS = [(7, "7 days"), (30, "30 days"), (90, "90 days"), (365, "a year")]
USUAL_DAYS = 90
_LAST = ". Choose one of the list."


class TokenForm(forms.Form):
    """A name for the owner's eyes, what the token may do, and when it ends."""

    name = forms.CharField(
        label="Name",
        max_length=80,
        help_text="Where you will use it, e.g. “notebook on my laptop”.",
        error_messages={"required": "Give the token a name, so that you know later which one to revoke."},
    )
    scopes = forms.MultipleChoiceField(
        label="What it may do",
        choices=Scope.choices,
        initial=[Scope.READ, Scope.EXPORT],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one thing that the token may do."},
    )
    days = forms.TypedChoiceField(label="It ends after", choices=DAYS, coerce=int, initial=USUAL_DAYS)

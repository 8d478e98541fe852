"""What users type about pairs, checked before anything is changed."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms

from analytics.choices import BOUNDS, MOST_LAGS, Choice, columns_of
from analytics.core.hedges import method_named, methods
from analytics.core.stationarity.lags import Lags
from analytics.core.windows import MINIMUM_BARS, Windows
from analytics.models import PairSpec
from analytics.pairs import Legs, PairRefusedError, find_instrument
from market.core.types import Timeframe
from market.models import Instrument

#: name in the address of each setting
ADDRESS_NAMES = {
    "timeframe": "tf",
    "hedge": "beta",
    "prices": "prices",
    "hedge_window": "win",
    "z_window": "zwin",
    "correlation_window": "cwin",
    "lags": "lags",
}
#: path and query of a pair's page, nothing that could lead to another host
_PAIR_ADDRESS = re.compile(r"/pairs/[^/?#\s\\]+~[^/?#\s\\]+/([a-z]+/)?(\?[^#\s\\]*)?")


class AddPairForm(forms.Form):
    """Two symbols of the active venue."""

    y = forms.CharField(label="Leg Y (dependent)", max_length=64)
    x = forms.CharField(label="Leg X (hedge)", max_length=64)

    def __init__(self, data: Any = None, *, instruments: list[Instrument], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.instruments = instruments
        for name, example in (("y", "BTCUSDT"), ("x", "ETHUSDT")):
            self.fields[name].widget.attrs |= {
                "list": "symbols",
                "placeholder": f"e.g. {example}",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }

    def clean_y(self) -> Instrument:
        return self._instrument("y")

    def clean_x(self) -> Instrument:
        return self._instrument("x")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("y") and cleaned.get("y") == cleaned.get("x"):
            raise forms.ValidationError("Choose two different symbols: a pair needs two legs.")
        return cleaned

    @property
    def legs(self) -> Legs:
        return Legs(self.cleaned_data["y"], self.cleaned_data["x"])

    def _instrument(self, name: str) -> Instrument:
        try:
            return find_instrument(self.cleaned_data[name], self.instruments)
        except PairRefusedError as error:
            raise forms.ValidationError(str(error)) from None


class PairSettingsForm(forms.Form):
    """Everything that is chosen of a pair; an empty window is the timeframe's default."""

    timeframe = forms.TypedChoiceField(
        label="Timeframe",
        choices=[(timeframe.label, timeframe.label) for timeframe in Timeframe],
        coerce=Timeframe.from_label,
    )
    hedge = forms.ChoiceField(label="Hedge method", required=False)
    prices = forms.ChoiceField(
        label="Prices", required=False, choices=[("log", "logarithms (β notional)"), ("raw", "raw (β in units)")]
    )
    hedge_window = forms.IntegerField(label="Hedge window", required=False)
    z_window = forms.IntegerField(label="z window", required=False)
    correlation_window = forms.IntegerField(label="Correlation window", required=False)
    lags = forms.CharField(label="Test lags", required=False, max_length=4)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        hedge = self.fields["hedge"]
        assert isinstance(hedge, forms.ChoiceField)
        hedge.choices = [(name, method_named(name).title) for name in methods()]
        self.fields["lags"].widget.attrs |= {"placeholder": "bic", "autocapitalize": "none", "spellcheck": "false"}
        for name, (low, high) in BOUNDS.items():
            field = self.fields[name]
            field.widget.attrs |= {"min": low, "max": high, "inputmode": "numeric"}

    @classmethod
    def of(cls, spec: PairSpec) -> "PairSettingsForm":
        return cls(initial=Choice.of(spec).columns | {"timeframe": Timeframe(spec.timeframe).label})

    def clean_lags(self) -> Lags:
        try:
            lags = Lags.parse(self.cleaned_data["lags"] or "bic")
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None
        if (lags.count or 0) > MOST_LAGS:
            raise forms.ValidationError(f"{lags.count} lagged differences are too many: use at most {MOST_LAGS}.")
        return lags

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, (low, high) in BOUNDS.items():
            value = cleaned.get(name)
            if value is not None and not low <= value <= high:
                self.add_error(name, f"{value:,} is outside {low:,} to {high:,} bars.")
        if cleaned.get("hedge") == "kalman" and (cleaned.get("hedge_window") or MINIMUM_BARS) < MINIMUM_BARS:
            self.add_error("hedge_window", f"The Kalman filter warms up on it: use at least {MINIMUM_BARS} bars.")
        return cleaned

    @property
    def choice(self) -> Choice:
        """What a valid form says."""
        timeframe: Timeframe = self.cleaned_data["timeframe"]
        defaults = columns_of(Windows.default(timeframe))
        windows = [self.cleaned_data[name] or default for name, default in defaults.items()]
        return Choice(
            timeframe,
            Windows(*windows),
            self.cleaned_data["hedge"] or "ols",
            "raw" if self.cleaned_data["prices"] == "raw" else "log",
            self.cleaned_data["lags"],
        )


class LinkForm(PairSettingsForm):
    """The same settings under the names that an address gives them."""

    def add_prefix(self, field_name: str) -> str:
        return ADDRESS_NAMES.get(field_name, field_name)

    @classmethod
    def of_posted(cls, posted: Mapping[str, Any]) -> "LinkForm":
        """A refused PairSettingsForm, to be shown where the settings of the address stand."""
        return cls({name: posted.get(field, "") for field, name in ADDRESS_NAMES.items()})


class NoteForm(forms.Form):
    """Notes on a pair."""

    note = forms.CharField(
        label="Notes", required=False, max_length=10_000, strip=False, widget=forms.Textarea(attrs={"rows": 14})
    )


class SavedViewForm(forms.Form):
    """A name, and the address of a pair's page on this site."""

    name = forms.CharField(label="Name", max_length=80)
    address = forms.CharField(max_length=1_000, widget=forms.HiddenInput)

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"]
        if not _PAIR_ADDRESS.fullmatch(address):
            raise forms.ValidationError("Only the address of a pair's page can be saved as a view.")
        return address


class ShareForm(forms.Form):
    """Whom to let read something."""

    name = forms.CharField(label="User name or email address", max_length=254)


class PublicLinkForm(forms.Form):
    """How long a public link is to live, and the view that it shows."""

    days = forms.TypedChoiceField(
        label="Ends after",
        choices=[(1, "1 day"), (7, "7 days"), (30, "30 days"), (90, "90 days"), (365, "1 year")],
        coerce=int,
        initial=30,
    )
    view = forms.CharField(required=False, max_length=1_000, widget=forms.HiddenInput)

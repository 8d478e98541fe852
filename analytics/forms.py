"""What users type about pairs, checked before anything is changed."""

from typing import Any

from django import forms

from analytics.core.windows import Windows
from analytics.models import PairSpec
from analytics.pairs import Legs, PairRefusedError, find_instrument
from analytics.windows import BOUNDS, columns_of, windows_of
from market.core.types import Timeframe
from market.models import Instrument


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
    """Timeframe and windows of a pair; an empty window is the timeframe's default."""

    timeframe = forms.TypedChoiceField(
        label="Timeframe",
        choices=[(timeframe.label, timeframe.label) for timeframe in Timeframe],
        coerce=Timeframe.from_label,
    )
    hedge_window = forms.IntegerField(label="Hedge window", required=False)
    z_window = forms.IntegerField(label="z window", required=False)
    correlation_window = forms.IntegerField(label="Correlation window", required=False)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for name, (low, high) in BOUNDS.items():
            field = self.fields[name]
            field.widget.attrs |= {"min": low, "max": high, "inputmode": "numeric"}

    @classmethod
    def of(cls, spec: PairSpec) -> "PairSettingsForm":
        return cls(
            initial={
                "timeframe": Timeframe(spec.timeframe).label,
                "hedge_window": spec.hedge_window,
                "z_window": spec.z_window,
                "correlation_window": spec.correlation_window,
            }
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, (low, high) in BOUNDS.items():
            value = cleaned.get(name)
            if value is not None and not low <= value <= high:
                self.add_error(name, f"{value:,} is outside {low:,} to {high:,} bars.")
        return cleaned

    @property
    def chosen_timeframe(self) -> Timeframe:
        chosen: Timeframe = self.cleaned_data["timeframe"]
        return chosen

    @property
    def chosen_windows(self) -> Windows:
        defaults = columns_of(Windows.default(self.chosen_timeframe))
        return windows_of({name: self.cleaned_data[name] or default for name, default in defaults.items()})

"""The colours of the pages: contrast by WCAG 2.2 in both themes, and up and down for every kind of eye.

Colour vision by Machado, Oliveira and Fernandes (2009) at full severity; distance is CIE76 in CIELAB (D65).
"""

import re
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

CSS = (Path(__file__).parents[2] / "static" / "css" / "tokens.css").read_text()
Theme = Literal[0, 1]
THEMES: tuple[Theme, Theme] = (0, 1)
SURFACES = ("page", "surface", "surface-2", "surface-3", "accent-surface")
EYES = {
    "usual": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
TO_XYZ = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
WHITE = np.array([0.95047, 1.0, 1.08883])


def tokens(block: str) -> dict[str, tuple[str, str]]:
    """Colours of a rule: light and dark."""
    rule = re.search(re.escape(block) + r" {(.*?)}\n", CSS, re.S)
    assert rule is not None, block
    found = re.findall(r"--([\w-]+): light-dark\((#\w{6})\w*, (#\w{6})\w*\);", rule.group(1))
    return {name: (light, dark) for name, light, dark in found}


COLOURS = tokens(":root")
PALETTES = {
    "blue-orange": COLOURS,
    **{name: COLOURS | tokens(f':root[data-palette="{name}"]') for name in ("green-red", "red-green")},
}


def linear(colour: str) -> np.ndarray:
    values = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.asarray(np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4))


def contrast(one: str, other: str) -> float:
    light = sorted(float(np.dot([0.2126, 0.7152, 0.0722], linear(colour))) for colour in (one, other))
    return (light[1] + 0.05) / (light[0] + 0.05)


def lab(colour: str, eye: str) -> np.ndarray:
    seen = np.clip(np.asarray(EYES[eye]) @ linear(colour), 0, 1)
    ratio = np.asarray(TO_XYZ) @ seen / WHITE
    x, y, z = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def distance(one: str, other: str, eye: str) -> float:
    return float(np.linalg.norm(lab(one, eye) - lab(other, eye)))


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("text", ["text", "text-muted", "accent", "accent-hover", "good", "warn", "bad"])
def test_text_is_legible_on_every_surface(text: str, theme: Theme) -> None:
    found = {surface: contrast(COLOURS[text][theme], COLOURS[surface][theme]) for surface in SURFACES}
    assert min(found.values()) >= 4.5, found


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("state", ["good", "warn", "bad"])
def test_states_are_legible_on_their_own_surface(state: str, theme: Theme) -> None:
    surface = COLOURS[f"{state}-surface"][theme]
    assert min(contrast(COLOURS[text][theme], surface) for text in (state, "text", "text-muted")) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("text", "surface"), [("on-accent", "accent"), ("on-accent", "accent-hover"), ("on-bad", "bad")]
)
def test_words_on_coloured_buttons_are_legible(text: str, surface: str, theme: Theme) -> None:
    assert contrast(COLOURS[text][theme], COLOURS[surface][theme]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("mark", ["border-strong", "series-1", "series-2", "series-3", "series-4"])
def test_edges_of_fields_and_lines_of_charts_are_seen(mark: str, theme: Theme) -> None:
    assert min(contrast(COLOURS[mark][theme], COLOURS[surface][theme]) for surface in SURFACES[:3]) >= 3


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("palette", PALETTES)
def test_up_and_down_are_legible_as_text(palette: str, theme: Theme) -> None:
    colours = PALETTES[palette]
    found = [contrast(colours[way][theme], colours[on][theme]) for way in ("up", "down") for on in ("page", "surface")]
    assert min(found) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize(("palette", "least"), [("blue-orange", 75), ("green-red", 30), ("red-green", 30)])
def test_up_and_down_differ_for_every_eye(palette: str, least: float, eye: str, theme: Theme) -> None:
    assert distance(PALETTES[palette]["up"][theme], PALETTES[palette]["down"][theme], eye) >= least


@pytest.mark.parametrize("theme", THEMES)
def test_the_two_legs_differ_for_every_eye(theme: Theme) -> None:
    found = [distance(COLOURS["series-1"][theme], COLOURS["series-2"][theme], eye) for eye in EYES]
    assert min(found) >= 75


def test_red_and_green_are_the_other_way_round() -> None:
    green_red, red_green = PALETTES["green-red"], PALETTES["red-green"]
    assert (green_red["up"], green_red["down"]) == (red_green["down"], red_green["up"])

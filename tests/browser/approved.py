"""Pictures of pages beside those that were looked at and approved.

Halved first: what is left of a difference is one that an eye would see. `APPROVE=1` takes the present pictures as
approved; look at them before they are committed.
"""

import io
import os
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageChops
from playwright.sync_api import Locator, Page

APPROVED = Path(__file__).parent / "approved"
DIFFERENT = Path(settings.BASE_DIR) / "var" / "screenshots" / "different"
#: a channel may differ by so much, and so large a share of the pixels by more
TOLERANCE, SHARE = 24, 0.004


def expect_approved(page: Page, name: str, mask: list[Locator] | None = None) -> None:
    """The visible part of the page looks as approved; parts that tell the time of day are masked."""
    taken = page.screenshot(animations="disabled", mask=mask or [], mask_color="#808080", caret="hide")
    picture = _halved(Image.open(io.BytesIO(taken)))
    file = APPROVED / f"{name}.png"
    if os.environ.get("APPROVE"):
        APPROVED.mkdir(exist_ok=True)
        picture.quantize(128, dither=Image.Dither.NONE).save(file, optimize=True)
        return
    assert file.exists(), f"No approved picture {name}: look at the page and run with APPROVE=1."
    share = _difference(picture, Image.open(file).convert("RGB"))
    if share > SHARE:
        DIFFERENT.mkdir(parents=True, exist_ok=True)
        picture.save(DIFFERENT / f"{name}.png")
    assert share <= SHARE, f"{name}: {share:.2%} of the pixels are not as approved; see {DIFFERENT / name}.png"


def _halved(picture: Image.Image) -> Image.Image:
    return picture.convert("RGB").resize((picture.width // 2, picture.height // 2), Image.Resampling.BOX)


def _difference(one: Image.Image, other: Image.Image) -> float:
    """Share of the pixels that differ by more than the tolerance."""
    if one.size != other.size:
        return 1.0
    worst = ImageChops.difference(one, other).convert("L").point(lambda value: 255 if value > TOLERANCE else 0)
    return worst.histogram()[255] / (one.width * one.height)

"""The tab Share of a pair's page: who sees this pair, and forms that let more people see it."""

from typing import Any
from urllib.parse import urlencode

from analytics.forms import PublicLinkForm, ShareForm
from analytics.models import PublicLink, Share
from analytics.views.live import Opened


def share_context(opened: Opened) -> dict[str, Any]:
    """Only a pair of the list can be shared; its settings there are what others see."""
    listed = opened.listed
    if listed is None:
        return {"share_form": None}
    view = opened.link.view
    parts: dict[str, Any] = {"range": view.range, "entry": view.entry, "exit": view.exit, "stop": view.stop}
    parts |= {"axes": view.axes, "candles": view.candles, "panels": ",".join(view.panels), "tz": opened.link.zone}
    if view.start_ms is not None:
        parts |= {"from": view.start_ms, "to": view.stop_ms}
    return {
        "share_form": ShareForm(),
        "link_form": PublicLinkForm(initial={"view": urlencode(parts), "days": 30}),
        "shares": Share.objects.owned_by(listed.owner).filter(pair=listed),
        "public_links": PublicLink.objects.owned_by(listed.owner).filter(pair=listed, revoked_at=None),
    }

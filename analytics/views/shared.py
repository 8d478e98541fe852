"""What is shared: with me, by me, and by a link with anybody."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.audit import by
from analytics.access import pair_to_change, view_to_change
from analytics.choices import Choice
from analytics.forms import PublicLinkForm, ShareForm
from analytics.holders import find_link
from analytics.links import Link, read_link
from analytics.models import Pair, PairSpec, PublicLink, Share
from analytics.pairs import Legs
from analytics.sharing import ShareRefusedError, make_link, revoke_link, share, take_back
from analytics.views.live import own_user, shown_context
from analytics.views.pair import show_pair
from market.errors import QuotaExceeded

REFUSED, MADE = 422, 201
#: parts of an address that say how a view is looked at
VIEW_NAMES = ("range", "from", "to", "entry", "exit", "stop", "axes", "candles", "panels", "tz")


@login_required
@require_GET
def shared(request: HttpRequest) -> HttpResponse:
    """The list of what others share with the user, and of the user's own shares and links."""
    user = own_user(request)
    legs = ("pair__spec__y", "pair__spec__x")
    context = {
        "with_me": Share.objects.seen_by(user).select_related("owner", "view", *legs),
        "by_me": Share.objects.owned_by(user).select_related("view", *legs),
        "links": PublicLink.objects.owned_by(user).filter(revoked_at=None).select_related(*legs),
    }
    return render(request, "analytics/shared.html", context)


@login_required
@require_GET
def shared_pair(request: HttpRequest, share_id: int) -> HttpResponse:
    """A pair of somebody else, live, to be read only."""
    seen = Share.objects.seen_by(own_user(request)).exclude(pair=None).select_related("owner", *_LEGS)
    found = get_object_or_404(seen, pk=share_id)
    assert found.pair is not None
    link = _as_it_is(found.pair, request.GET.dict(), own_user(request).time_zone)
    context = _read_only(found.pair, link, reverse("shared_pair", args=[found.pk])) | {"shared_by": found.owner}
    return render(request, "analytics/shared_pair.html", context)


@require_GET
@never_cache
def public(request: HttpRequest, secret: str) -> HttpResponse:
    """One view of a pair for whoever has the address. Every address that opens nothing reads the same."""
    link = find_link(secret)
    if link is None:
        response = render(request, "analytics/link_ended.html", status=404)
    else:
        asked = dict(parse_qsl(link.query)) | {key: request.GET[key] for key in VIEW_NAMES if key in request.GET}
        path = reverse("public_link", args=[secret])
        context = _read_only(link.pair, _as_it_is(link.pair, asked, "UTC"), path)
        context["page_data"] |= {"secret": secret}
        context |= {"is_public": True, "expires_at": link.expires_at}
        response = render(request, "analytics/shared_pair.html", context)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@login_required
@require_POST
def share_pair(request: HttpRequest, pair_id: int) -> HttpResponse:
    pair = _listed(request, pair_id)
    form = ShareForm(request.POST)
    if _share(request, pair, form):
        return redirect("pair_tab", name=f"{pair.spec.y.symbol}~{pair.spec.x.symbol}", tab="share")
    return _share_tab(request, pair, share_form=form, status=REFUSED)


@login_required
@require_POST
def share_view(request: HttpRequest, view_id: int) -> HttpResponse:
    view = view_to_change(own_user(request), view_id)
    form = ShareForm(request.POST)
    if not _share(request, view, form):
        messages.error(request, " ".join(str(text) for texts in form.errors.values() for text in texts))
    return redirect("shared")


@login_required
@require_POST
def share_end(request: HttpRequest, share_id: int) -> HttpResponse:
    own = Share.objects.owned_by(request.user).select_related("view", *_LEGS)
    found = get_object_or_404(own, pk=share_id)
    take_back(found, by(request))
    messages.success(request, f"{found.name} can no longer see the {found.what}.")
    return redirect("shared")


@login_required
@require_POST
def link_make(request: HttpRequest, pair_id: int) -> HttpResponse:
    """The answer shows the address, once: only its hash is kept."""
    pair = _listed(request, pair_id)
    form = PublicLinkForm(request.POST)
    if form.is_valid():
        asked = dict(parse_qsl(form.cleaned_data["view"]))
        view = urlencode({key: asked[key] for key in VIEW_NAMES if key in asked})
        try:
            _, secret = make_link(pair, view, form.cleaned_data["days"], by(request))
        except (ShareRefusedError, QuotaExceeded) as error:
            form.add_error(None, str(error))
        else:
            address = request.build_absolute_uri(reverse("public_link", args=[secret]))
            return _share_tab(request, pair, new_link=address, status=MADE)
    return _share_tab(request, pair, link_form=form, status=REFUSED)


@login_required
@require_POST
def link_end(request: HttpRequest, link_id: int) -> HttpResponse:
    link = get_object_or_404(PublicLink.objects.owned_by(request.user).select_related(*_LEGS), pk=link_id)
    revoke_link(link, by(request))
    messages.success(request, "The link opens nothing any more. Pages that showed it have ended.")
    return redirect("shared")


_LEGS = ("pair__spec__y", "pair__spec__x")


def _listed(request: HttpRequest, pair_id: int) -> Pair:
    pair = pair_to_change(own_user(request), pair_id)
    if not pair.on_list:
        raise Http404("There is no such pair on your list.")
    return pair


def _share(request: HttpRequest, what: Any, form: ShareForm) -> bool:
    if not form.is_valid():
        return False
    try:
        made = share(own_user(request), what, form.cleaned_data["name"], by(request))
    except (ShareRefusedError, QuotaExceeded) as error:
        form.add_error("name", str(error))
        return False
    messages.success(request, f"If there is an account called {made.name}, it now finds the {made.what} under Shared.")
    return True


def _share_tab(request: HttpRequest, pair: Pair, *, status: int, **more: Any) -> HttpResponse:
    response = show_pair(request, Legs(pair.spec.y, pair.spec.x), "share", **more)
    response.status_code = status
    return response


def _as_it_is(pair: Pair, asked: dict[str, str], zone: str) -> Link:
    """The view as asked for, the computation as its owner has it."""
    choice = Choice.of(pair.spec)
    found = read_link({key: text for key, text in asked.items() if key in VIEW_NAMES}, choice, zone)
    return replace(found, choice=choice)


def _read_only(pair: Pair, link: Link, path: str) -> dict[str, Any]:
    spec: PairSpec = pair.spec
    context = shown_context(pair, spec, link)
    context["page_data"] |= {"link": {"path": path, "params": {}}, "open": None, "isReadOnly": True}
    return context

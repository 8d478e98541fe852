"""The shell around every page: search, keys, menus, notices, messages, settings; by key, by pointer, on a phone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Locator, Page, Route, expect

from accounts.models import User
from analytics.pairs import add_pair
from market.models import Gap, Instrument
from tests.browser.pair_data import PASSWORD, make_market, make_user
from tests.browser.site import DATABASE_CLIENT, Site, database_url
from tests.browser.visit import Visit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
GUARD_MS = 60_000
PHONE = 360


@pytest.fixture
def market(transactional_db: None) -> list[Instrument]:
    return make_market()


@pytest.fixture
def alice(market: list[Instrument]) -> User:
    alice = make_user(is_staff=True)
    add_pair(alice, market[0], market[1])
    return alice


@pytest.fixture
def here(visit: type[Visit], site: Site, alice: User) -> Visit:
    return visit.to(site, user=alice).go("/health/")


def options(page: Page) -> Locator:
    return page.locator("#palette").get_by_role("option")


def palette(page: Page) -> Page:
    """The page with the search open and its first results there."""
    page.keyboard.press("/")
    expect(options(page).first).to_be_visible(timeout=GUARD_MS)
    return page


def leave_pairs_alone(page: Page) -> None:
    """The page of a pair begins to follow it; here only its address matters."""
    page.route("**/pairs/**", lambda route: route.fulfill(body="<title>a pair</title>", content_type="text/html"))


# --- search ------------------------------------------------------------------------------------------
def test_the_search_finds_a_pair_of_two_words_and_opens_it(here: Visit) -> None:
    page = palette(here.page)
    leave_pairs_alone(page)
    field = page.get_by_role("combobox", name="Search pairs and commands")
    expect(field).to_be_focused()
    field.type("ccc aaa")
    option = page.get_by_role("option", name="CCCUSDT on AAAUSDT")
    expect(option).to_have_attribute("aria-selected", "true", timeout=GUARD_MS)
    assert option.locator("mark").all_text_contents() == ["CCC", "AAA"]
    assert field.get_attribute("aria-activedescendant") == option.get_attribute("id")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{here.site.url}/pairs/CCCUSDT~AAAUSDT/")
    assert here.complaints == []


def test_arrow_keys_walk_through_pairs_and_commands_in_a_ring(here: Visit) -> None:
    page = palette(here.page)
    first, last = options(page).first, options(page).last
    expect(first).to_have_text("AAAUSDT on BBBUSDT on your list, 1s")
    expect(first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    expect(last).to_have_attribute("aria-selected", "true")
    expect(first).to_have_attribute("aria-selected", "false")
    page.keyboard.press("ArrowDown")
    expect(first).to_have_attribute("aria-selected", "true")


def test_what_was_opened_last_stands_first(here: Visit) -> None:
    page = palette(here.page)
    leave_pairs_alone(page)
    page.keyboard.type("ddd")
    page.get_by_role("option", name="DDDUSDT on AAAUSDT").click()
    expect(page).to_have_url(f"{here.site.url}/pairs/DDDUSDT~AAAUSDT/")
    here.go("/health/")
    expect(options(palette(page)).first).to_have_text("DDDUSDT on AAAUSDT opened lately")


def test_a_command_runs_by_its_name(here: Visit) -> None:
    page = palette(here.page)
    page.keyboard.type("compact")
    expect(options(page)).to_have_text(["Density: compact display"])
    with page.expect_response("**/preferences/"):
        page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-density", "compact")
    expect(page.locator("#palette")).to_be_hidden()


def test_nothing_found_is_a_sentence_and_a_failure_can_be_tried_again(here: Visit) -> None:
    page = palette(here.page)
    page.keyboard.type("qqq")
    expect(page.get_by_text("Nothing matches. Try a part of one or two symbols")).to_be_visible()
    page.route("**/api/v1/search*", lambda route: route.fulfill(status=503))
    page.get_by_role("combobox").fill("aaa")
    expect(page.get_by_text("The search for pairs failed (the server answered 503)")).to_be_visible()
    page.unroute("**/api/v1/search*")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("option", name="AAAUSDT on BBBUSDT")).to_be_visible()


def test_an_answer_that_comes_late_does_not_replace_the_newer_one(here: Visit) -> None:
    page = palette(here.page)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/api/v1/search?q=bbb", hold)
    field = page.get_by_role("combobox")
    with page.expect_request("**/api/v1/search?q=bbb"):
        field.fill("bbb")
    field.fill("ccc ddd")
    expect(options(page).first).to_have_text("CCCUSDT on DDDUSDT not on your list")
    for route in held:
        route.continue_()
    page.unroute("**/api/v1/search?q=bbb")
    field.fill("ccc ddd ")
    expect(options(page).first).to_have_text("CCCUSDT on DDDUSDT not on your list")


def test_the_search_opens_by_its_button_and_by_ctrl_k_even_from_a_field_and_gives_the_focus_back(here: Visit) -> None:
    here.go("/settings/")
    button = here.page.get_by_role("button", name="Search pairs")
    button.click()
    expect(here.page.get_by_role("combobox", name="Search")).to_be_focused()
    here.page.keyboard.press("Escape")
    expect(button).to_be_focused()
    zone = here.page.get_by_label("Time zone")
    zone.focus()
    here.page.keyboard.press("Control+k")
    expect(here.page.locator("#palette")).to_be_visible()
    here.page.keyboard.press("Escape")
    expect(zone).to_be_focused()


def test_without_scripts_the_search_is_a_page(visit: type[Visit], site: Site, alice: User) -> None:
    page = visit.to(site, user=alice, scripts=False).go("/health/").page
    page.get_by_role("button", name="Search pairs").click()
    page.get_by_label("Part of one or two symbols").fill("ccc ddd")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.get_by_role("link", name="CCCUSDT on DDDUSDT")).to_be_visible()


# --- keys --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("second", "path"), [("d", "/dashboard/"), ("m", "/method/"), (",", "/settings/")])
def test_g_and_a_second_key_go_to_a_page(here: Visit, second: str, path: str) -> None:
    here.page.keyboard.press("g")
    here.page.keyboard.press(second)
    expect(here.page).to_have_url(here.site.url + path)


def test_the_list_of_keys_opens_by_its_key_and_closes_by_escape(here: Visit) -> None:
    here.page.keyboard.press("?")
    dialog = here.page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_text("Next theme")).to_be_visible()
    here.page.keyboard.press("t")
    expect(here.page.locator("html")).to_have_attribute("data-theme", "system")
    here.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_keys_do_nothing_in_fields_and_nothing_when_switched_off(here: Visit, alice: User) -> None:
    page = here.go("/settings/").page
    page.get_by_label("Time zone").press("t")
    page.get_by_label("Time zone").fill("UTC")
    expect(page.locator("html")).to_have_attribute("data-theme", "system")
    with page.expect_response("**/preferences/"):
        page.get_by_role("switch", name="Single keys act as shortcuts").uncheck()
    page.keyboard.press("t")
    expect(page.locator("html")).to_have_attribute("data-theme", "system")
    alice.refresh_from_db()
    assert alice.has_shortcuts is False
    expect(here.go("/health/").page.locator("html")).to_have_attribute("data-shortcuts", "off")


# --- side bar and menus ------------------------------------------------------------------------------
def test_the_side_bar_closes_to_icons_and_stays_closed(here: Visit, alice: User) -> None:
    page = here.page
    link = page.get_by_role("navigation", name="Main").get_by_role("link", name="Settings")
    open_width = page.locator("#sidebar").bounding_box()
    with page.expect_response("**/preferences/"):
        page.get_by_role("button", name="Side bar").click()
    closed_width = page.locator("#sidebar").bounding_box()
    assert open_width
    assert closed_width
    assert closed_width["width"] < 60 < open_width["width"]
    link.hover()
    expect(page.get_by_role("tooltip")).to_have_text("Settings")
    alice.refresh_from_db()
    assert alice.is_sidebar_open is False
    expect(here.go("/settings/").page.locator("html")).to_have_attribute("data-sidebar", "closed")
    assert here.layout_shift() <= 0.02


def test_without_scripts_the_side_bar_closes_too(visit: type[Visit], site: Site, alice: User) -> None:
    page = visit.to(site, user=alice, scripts=False).go("/method/").page
    page.get_by_role("button", name="Side bar").click()
    expect(page).to_have_url(f"{site.url}/method/")
    expect(page.locator("html")).to_have_attribute("data-sidebar", "closed")


@pytest.mark.parametrize("scripts", [True, False])
def test_on_a_phone_the_menu_button_opens_a_drawer(visit: type[Visit], site: Site, alice: User, scripts: bool) -> None:
    page = visit.to(site, user=alice, width=PHONE, scripts=scripts).go("/health/").page
    expect(page.get_by_role("link", name="Settings")).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="Settings").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Settings")
    expect(page.locator("#sidebar")).to_be_hidden()


def test_the_account_menu_by_keys(here: Visit) -> None:
    page = here.page
    button = page.get_by_role("button", name="Account")
    button.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#account-menu").get_by_role("link", name="Settings")).to_be_focused()
    page.keyboard.press("End")
    expect(page.get_by_role("button", name="Log out")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#account-menu").get_by_role("link", name="Settings")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#account-menu")).to_be_hidden()
    expect(button).to_be_focused()


@pytest.mark.parametrize("width", [1280, PHONE])
def test_menus_stay_on_the_screen(visit: type[Visit], site: Site, alice: User, width: int) -> None:
    page = visit.to(site, user=alice, width=width).go("/styleguide/").page
    for opener, menu in OPENERS[width].items():
        page.get_by_role("button", name=opener).first.click()
        box = page.locator(menu).bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= 900
        page.keyboard.press("Escape")


OPENERS = {
    1280: {"Account": "#account-menu", "Notices": "#bell-menu", "Connecting": "#pill-details", "Menu": "#sample-menu"},
    PHONE: {"Notices": "#bell-menu", "Connecting": "#pill-details"},
}


# --- notices -----------------------------------------------------------------------------------------
def test_the_bell_shows_what_happened_and_is_quiet_afterwards(here: Visit, market: list[Instrument]) -> None:
    Gap.objects.create(instrument=market[0], first_id=1, last_id=55, first_ms=1, last_ms=2, cause="cut")
    page = here.go("/health/").page
    page.get_by_role("button", name="Notices, 1 unread").click()
    expect(page.locator("#bell-menu").get_by_text("AAAUSDT: 55 trades miss")).to_be_visible()
    expect(page.locator("#bell-menu .is-unread")).to_have_count(1)
    expect(page.get_by_role("button", name="Notices", exact=True)).to_have_attribute("aria-expanded", "true")
    expect(page.locator("[data-bell-count]")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator("#bell-menu")).to_be_hidden()
    expect(here.go("/health/").page.get_by_role("button", name="Notices", exact=True)).to_be_visible()
    assert here.complaints == []


def test_without_scripts_the_bell_leads_to_a_page(visit: type[Visit], site: Site, alice: User) -> None:
    gap = Gap.objects.create(
        instrument=alice.pairs.get().spec.x, first_id=1, last_id=1, first_ms=1, last_ms=2, cause="cut"
    )
    Gap.objects.filter(pk=gap.pk).update(opened_at=timezone.now() - timedelta(minutes=3))
    page = visit.to(site, user=alice, scripts=False).go("/health/").page
    page.get_by_role("button", name="Notices, 1 unread").click()
    expect(page.get_by_text("BBBUSDT: 1 trade miss")).to_be_visible()
    page.get_by_role("button", name="Mark all as seen").click()
    expect(page.locator(".is-unread")).to_have_count(0)


# --- messages ----------------------------------------------------------------------------------------
def test_messages_are_grouped_spoken_and_closed(here: Visit) -> None:
    page = here.go("/styleguide/").page
    for _ in range(3):
        page.get_by_role("button", name="Toast: bad").click()
    toast = page.locator("#toasts .toast")
    expect(toast).to_have_count(1)
    expect(toast).to_contain_text("The exchange refuses the connection. × 3")
    expect(page.locator("#say-at-once")).to_contain_text("The exchange refuses the connection.")
    for level in ("info", "warn", "good"):
        page.get_by_role("button", name=f"Toast: {level}").click()
    expect(toast).to_have_count(3)
    expect(toast.first).to_have_attribute("data-level", "good")
    toast.last.get_by_role("button", name="Close this message").click()
    expect(toast).to_have_count(2)


def test_a_message_waits_while_it_is_looked_at_and_its_action_runs(here: Visit) -> None:
    page = here.page
    page.clock.install()
    here.go("/styleguide/")
    page.get_by_role("button", name="Toast with Undo").click()
    page.get_by_role("button", name="Toast: info").click()
    toast = page.locator("#toasts .toast")
    toast.first.hover()
    page.clock.run_for(20_000)
    expect(toast).to_have_count(2)
    page.mouse.move(5, 300)
    page.clock.run_for(6_500)
    expect(toast).to_have_count(1)
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(toast).to_have_count(0)


def test_a_new_version_is_offered_and_never_forced(here: Visit) -> None:
    def answer(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, headers={**response.headers, "x-livepairs-version": "0.0.0+another"})

    page = here.page
    page.route("**/health/?part=state", answer)
    bar = page.get_by_text("A new version of livepairs is here.")
    expect(bar).to_be_visible(timeout=GUARD_MS)
    page.get_by_role("button", name="Later").click()
    expect(bar).to_be_hidden()
    with page.expect_response("**/health/?part=state", timeout=GUARD_MS):
        pass
    expect(bar).to_be_hidden()


def test_the_same_version_says_nothing(here: Visit) -> None:
    with here.page.expect_response("**/health/?part=state", timeout=GUARD_MS):
        pass
    expect(here.page.locator("#new-version")).to_be_hidden()


# --- settings ----------------------------------------------------------------------------------------
def test_settings_act_at_once_and_are_kept(here: Visit, alice: User) -> None:
    page = here.go("/settings/").page
    for label, attribute, value in (("Dark", "theme", "dark"), ("Compact", "density", "compact")):
        with page.expect_response("**/preferences/"):
            page.get_by_label(label).check()
        expect(page.locator("html")).to_have_attribute(f"data-{attribute}", value)
    up = "getComputedStyle(document.documentElement).getPropertyValue('--up')"
    before = page.evaluate(up)
    with page.expect_response("**/preferences/"):
        page.get_by_label("Green and red").check()
    assert page.evaluate(up) != before
    expect(page.locator("#display [data-saved]")).to_have_text("Saved")
    alice.refresh_from_db()
    assert (alice.theme, alice.density, alice.palette) == ("dark", "compact", "green-red")


def test_an_unknown_zone_is_refused_and_that_of_the_browser_is_offered(
    visit: type[Visit], site: Site, alice: User
) -> None:
    User.objects.update(time_zone="Asia/Tokyo")
    here = visit.to(site, user=alice).go("/settings/")
    zone = here.page.get_by_label("Time zone")
    zone.fill("Berlin")
    zone.blur()
    expect(here.page.get_by_text("There is no time zone “Berlin”.")).to_be_visible()
    expect(zone).to_have_attribute("aria-invalid", "true")
    here.page.get_by_role("button", name="Use it").click()
    expect(here.page.locator("#display [data-saved]")).to_have_text("Saved")
    expect(zone).to_have_value("UTC")
    expect(here.page.get_by_text("There is no time zone")).to_be_hidden()
    alice.refresh_from_db()
    assert alice.time_zone == "UTC"


def test_without_scripts_settings_have_a_button(visit: type[Visit], site: Site, alice: User) -> None:
    page = visit.to(site, user=alice, scripts=False).go("/settings/").page
    page.get_by_label("Dark").check()
    page.locator("#display").get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_a_password_can_be_shown_and_is_sent_as_one(visit: type[Visit], site: Site, alice: User) -> None:
    page = visit.to(site).go("/accounts/login/").page
    password = page.locator("[name=password]")
    password.fill(PASSWORD)
    page.get_by_role("button", name="Show the password").click()
    expect(password).to_have_attribute("type", "text")
    page.get_by_label("Login").fill("alice")
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_url(f"{site.url}/dashboard/")


# --- when livepairs cannot serve ---------------------------------------------------------------------
@contextmanager
def closed_database() -> Iterator[None]:
    """Nobody gets a connection to the database of this test any more, and those of its sites are cut."""
    name = connection.settings_dict["NAME"]
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND application_name = %s"
    with psycopg.connect(database_url().replace(f"/{name}", "/postgres"), autocommit=True) as elsewhere:
        elsewhere.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        try:
            elsewhere.execute(cut, [name, DATABASE_CLIENT])
            yield
        finally:
            elsewhere.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


def test_without_its_database_the_site_says_so_and_the_page_comes_back_by_itself(
    visit: type[Visit], own_site: Site, alice: User
) -> None:
    here = visit.to(own_site, user=alice)
    heading = here.page.get_by_role("heading", level=1)
    with closed_database():
        here.go("/health/")
        expect(heading).to_have_text("Not available now")
        expect(here.page.get_by_text("The database does not answer.")).to_be_visible()
        assert here.axe() == []
        here.picture("503")
    expect(heading).to_have_text("Health of the feed", timeout=GUARD_MS)


def test_an_error_page_outlives_a_restart_of_the_database(visit: type[Visit], own_site: Site, alice: User) -> None:
    """Error pages have connections of their own, which nobody else notices to be dead."""
    here = visit.to(own_site, user=alice)

    def statuses() -> set[int]:
        # Each may be made in another thread of the same few
        answers = [here.page.request.get(f"{own_site.url}/dashboard/?pair=404") for _ in range(20)]
        return {answer.status for answer in answers}

    assert statuses() == {404}
    with closed_database():
        assert statuses() == {503}
    assert statuses() == {404}


# --- what lies over the page -------------------------------------------------------------------------
def open_palette(page: Page) -> None:
    palette(page)


def open_shortcuts(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()


def open_bell(page: Page) -> None:
    page.get_by_role("button", name="Notices").click()
    expect(page.locator("#bell-menu").get_by_text("Nothing happened")).to_be_visible()


def open_account(page: Page) -> None:
    if page.viewport_size and page.viewport_size["width"] <= PHONE:
        page.get_by_role("button", name="Menu", exact=True).first.click()
    page.locator("[popovertarget=account-menu]:visible").click()


def open_pill(page: Page) -> None:
    page.get_by_role("button", name="Connecting").first.click()


def open_dialog(page: Page) -> None:
    page.get_by_role("button", name="Dialog", exact=True).click()
    expect(page.get_by_role("button", name="Cancel")).to_be_focused()


def open_toasts(page: Page) -> None:
    for level in ("info", "warn", "bad"):
        page.get_by_role("button", name=f"Toast: {level}").click()


LAYERS = [open_palette, open_shortcuts, open_bell, open_account, open_pill, open_dialog, open_toasts]


# Each theme and each width once: what lies over a page is made of the parts of the pages
@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 360)])
def test_every_layer_is_accessible(visit: type[Visit], site: Site, alice: User, theme: str, width: int) -> None:
    here = visit.to(site, user=alice, theme=theme, width=width)
    for layer in LAYERS:
        _look_at(here, layer, f"{layer.__name__}-{theme}-{width}")
        assert here.width_of_content() <= width
    assert here.complaints == []


def _look_at(here: Visit, layer: Callable[[Page], None], name: str) -> None:
    here.go("/styleguide/")
    layer(here.page)
    here.picture(name)
    assert here.axe() == [], name


@pytest.mark.parametrize("palette_name", ["green-red", "red-green"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_other_palettes_and_the_compact_density_are_accessible(
    visit: type[Visit], site: Site, alice: User, theme: str, palette_name: str
) -> None:
    User.objects.update(palette=palette_name, density="compact")
    here = visit.to(site, user=alice, theme=theme).go("/styleguide/")
    expect(here.page.locator("html")).to_have_attribute("data-palette", palette_name)
    assert here.axe() == []


def test_in_forced_colours_and_print_the_page_stands(visit: type[Visit], site: Site, alice: User) -> None:
    here = visit.to(site, user=alice, theme="dark").go("/styleguide/")
    here.page.emulate_media(forced_colors="active")
    here.picture("forced-colours")
    shape = "getComputedStyle(document.querySelector('.pill[data-state=live] .pill-shape')).backgroundColor"
    assert here.page.evaluate(shape) != here.page.evaluate("getComputedStyle(document.body).backgroundColor")
    here.page.emulate_media(media="print", forced_colors="none")
    expect(here.page.locator(".site-header")).to_be_hidden()
    expect(here.page.locator("#sidebar")).to_be_hidden()
    assert here.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"

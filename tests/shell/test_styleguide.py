"""The style guide, the icons, and the shell that all pages share."""

import re
import tomllib
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.template import Context, Template, TemplateSyntaxError
from django.test import Client

from livepairs.frontend import MODULES, build
from livepairs.icons import ICONS, sprite
from livepairs.places import BASE_DIR
from tests.shell.access_cast import make_user

TEMPLATES = sorted((BASE_DIR / "templates").rglob("*.html"))


def named(template: Path) -> set[str]:
    return set(re.findall(r'{% icon "([^"]+)"', template.read_text()))


def test_every_icon_of_a_template_is_in_the_list() -> None:
    used = {name for template in TEMPLATES for name in named(template)}
    assert used
    assert used <= ICONS


def test_the_sprite_has_every_icon_once_and_nothing_that_runs() -> None:
    build()
    text = sprite(MODULES / "lucide-static" / "icons")
    assert re.findall(r'<symbol id="([^"]+)"', text) == sorted(ICONS)
    assert not re.search(r"<(script|style|image|a|use)\b|\son\w+=|href", text)


def test_an_unknown_icon_is_named_where_it_is_asked_for() -> None:
    with pytest.raises(TemplateSyntaxError, match=r"livepairs/icons\.py"):
        Template('{% load frontend %}{% icon "unicorn" %}').render(Context())


@pytest.mark.django_db
def test_the_style_guide_is_for_staff_and_for_development(settings: LazySettings) -> None:
    member, staff = Client(), Client()
    member.force_login(make_user("alice"), "django.contrib.auth.backends.ModelBackend")
    staff.force_login(make_user("staff", is_staff=True), "django.contrib.auth.backends.ModelBackend")
    assert [each.get("/styleguide/").status_code for each in (member, staff, Client())] == [404, 200, 404]
    settings.DEBUG = True
    assert Client().get("/styleguide/").status_code == 200


@pytest.mark.django_db
def test_the_footer_tells_the_version_of_the_package() -> None:
    number = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["project"]["version"]
    assert f"<p>livepairs {number}</p>" in Client().get("/").content.decode()


@pytest.mark.django_db
def test_the_side_bar_leads_to_pages_that_are_there() -> None:
    staff = Client()
    staff.force_login(make_user("staff", is_staff=True), "django.contrib.auth.backends.ModelBackend")
    links = re.findall(r'<a href="([^"]+)"[^>]* data-nav>', staff.get("/health/").content.decode())
    assert len(links) == 8
    assert [staff.get(link).status_code for link in links if not link.startswith("/admin/")] == [200] * 7

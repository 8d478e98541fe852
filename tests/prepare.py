"""What the tests need beside Python packages: Chromium. `make test` runs this first."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ADVICE = (
    "The browser tests need Chromium. Install it (Debian, Ubuntu: `sudo apt-get install chromium`; Fedora: "
    "`sudo dnf install chromium`) and run `make test` again."
)


def chromium() -> str | None:
    """Path of the system's Chromium."""
    return next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


def is_debian(os_release: Path = Path("/etc/os-release")) -> bool:
    text = os_release.read_text() if os_release.exists() else ""
    fields: Mapping[str, str] = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    families = f"{fields.get('ID', '')} {fields.get('ID_LIKE', '')}".replace('"', "").split()
    return "debian" in families


def main() -> None:
    if chromium():
        return
    if os.geteuid() != 0 or not is_debian():
        sys.exit(ADVICE)
    print("installing chromium with apt-get …", flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "-qq", "update"], ["apt-get", "-qq", "install", "-y", "chromium"]):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"`{' '.join(command)}` failed:\n{done.stderr}\n{ADVICE}")


if __name__ == "__main__":
    main()

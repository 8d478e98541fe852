"""The page's modules are tested by Node's own runner, on the very files the browser gets."""

import subprocess
from pathlib import Path

from livepairs.frontend import build, node_command


def test_modules_pass_their_own_tests() -> None:
    build()
    files = sorted(str(file) for file in Path(__file__).parent.glob("*.test.js"))
    assert files
    result = subprocess.run([*node_command(), "--test", *files], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout[-5000:] + result.stderr[-1000:]

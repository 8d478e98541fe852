"""Compiling at installation: after it, a process that scores and reports compiles nothing."""

import subprocess
import sys

from livepairs.places import BASE_DIR

CODE = """
from livepairs.kernels import warm
from numba.core import event
compiled = event.RecordingListener()
with event.install_listener("numba:compile", compiled):
    warm()
names = {e.data["dispatcher"].py_func.__name__ for _, e in compiled.buffer if e.is_start}
print(sorted(names))
"""


def test_a_second_process_finds_every_kernel_compiled() -> None:
    for _ in range(2):
        done = subprocess.run([sys.executable, "-c", CODE], cwd=BASE_DIR, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

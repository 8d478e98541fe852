"""Start of a worker whose kernels were compiled at installation, against one that compiles them: CPU seconds."""

import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

CODE = "from livepairs.kernels import warm; warm()"
IMPORTS = "import livepairs.kernels"


def main() -> None:
    with tempfile.TemporaryDirectory() as empty:
        compiled = _cpu_s(CODE, {"NUMBA_CACHE_DIR": empty})
        again = _cpu_s(CODE, {"NUMBA_CACHE_DIR": empty})
    imports = _cpu_s(IMPORTS, {})
    line = {
        "name": "worker_start_warm_kernels",
        "ours": round(again, 2),
        "baseline": round(compiled, 2),
        "unit": "CPU s",
        "ratio": round(compiled / again, 1),
        "baseline_name": "compiling all kernels",
        "of_which_imports": round(imports, 2),
    }
    print(json.dumps(line))


def _cpu_s(code: str, more: dict[str, str]) -> float:
    """User and system time of a process of its own."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    folder = Path(__file__).resolve().parents[2]
    subprocess.run([sys.executable, "-c", code], cwd=folder, env=os.environ | more, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


if __name__ == "__main__":
    main()

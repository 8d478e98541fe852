"""`make bench`: every bench in a process of its own, one JSON object a line; exit status 1 when a goal was missed."""

import os
import subprocess
import sys

BENCHES = (
    "bench_bars",
    "bench_rolling",
    "bench_analytics",
    "bench_power",
    "bench_kalman",
    "bench_live",
    "bench_series",
    "bench_rest",
    "bench_start",
    "bench_ingest",
    "bench_fanout",
    "bench_latency",
    "bench_pages",
    "bench_browser",
    "bench_lighthouse",
)


def main() -> None:
    wanted = sys.argv[1:] or BENCHES
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}
    failed = [
        bench
        for bench in wanted
        if subprocess.run([sys.executable, "-m", f"tests.benchmarks.{bench}"], check=False, env=environment).returncode
    ]
    if failed:
        sys.exit(f"missed a goal or failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()

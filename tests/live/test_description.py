"""schemathesis asks a running server what its description allows and forbids: no failure, nothing undocumented."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from accounts.tokens.use import make_token
from analytics.models import Pair
from market.models import FeedControl
from tests.live.conftest import Cast, store
from tests.live.running import Daphne, running_daphne

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "ignored_auth",
)
EXAMPLES = 12
CLI = Path(sys.executable).with_name("st")


@pytest.fixture
def daphne(transactional_db: None) -> Iterator[Daphne]:
    with running_daphne(LIVEPAIRS_API_RATE="1000000") as daphne:
        yield daphne


def test_every_answer_is_one_that_the_description_names(cast: Cast, daphne: Daphne, tmp_path: Path) -> None:
    FeedControl.objects.create(id=1, venue="simulated")
    store(cast.spec, 0, seq=1, z=1.0)
    store(cast.spec, 1, seq=2, z=None, reason="warming up 1 of 30")
    pair = Pair.objects.get(owner=cast.alice)
    config = tmp_path / "schemathesis.toml"
    # What is asked for is there, so that more than 404 is seen; the pair that may be removed is another one
    config.write_text(
        f"""
[parameters]
"path.instrument" = "simulated:AAAUSDT"
"path.pair_id" = {pair.pk}
"path.topic" = "{cast.spec.topic}"

[[operations]]
include-method = "DELETE"
parameters = {{ "path.pair_id" = {pair.pk + 9} }}
"""
    )
    secret = make_token(cast.alice, "schemathesis", ["read", "write", "export"], 7).secret
    command = [
        str(CLI),
        *("--config-file", str(config)),
        "run",
        f"http://127.0.0.1:{daphne.port}/api/v1/openapi.json",
        *("--header", f"Authorization: Bearer {secret}"),
        *("--checks", ",".join(CHECKS)),
        *("--phases", "coverage,fuzzing"),
        *("--max-examples", str(EXAMPLES)),
        "--generation-deterministic",
        *("--warnings", "off"),
        "--continue-on-failure",
        "--no-color",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr

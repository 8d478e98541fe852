"""Every Celery task: none takes a user, and naming the spec of another changes nothing of its owner."""

import inspect

import pytest

from analytics import tasks as analytics_tasks
from analytics.models import Pair, PairSpec, PublicLink, Share
from livepairs.celery import app
from market.models import SymbolDemand
from tests.shell.access_cast import make_cast, writes

pytestmark = pytest.mark.django_db

#: task and its arguments; a task that takes a user, an owner or an object of one belongs in here with a test of its own
TASKS = {
    "market.tasks.close_bars": ["shard"],
    "market.tasks.maintain_days": [],
    "analytics.tasks.advance": ["shard", "step"],
    "analytics.tasks.start_spec": ["spec_id"],
    "analytics.tasks.sweep": ["shard"],
    "analytics.tasks.end_leases": [],
    "accounts.tasks.remove_accounts": [],
}


def test_every_task_has_its_row() -> None:
    app.loader.import_default_modules()
    ours = {name: task for name, task in app.tasks.items() if not name.startswith("celery.")}
    assert {name: list(inspect.signature(task.run).parameters) for name, task in ours.items()} == TASKS


@pytest.mark.parametrize("spec_id", ["alices", 10**12, -1])
def test_a_spec_that_is_named_by_anybody_changes_nothing_of_its_owner(spec_id: int | str) -> None:
    cast = make_cast()
    owned = [list(model.objects.order_by("pk").values()) for model in (Pair, Share, PublicLink, SymbolDemand)]
    analytics_tasks.start_spec(cast.alices.spec_id if spec_id == "alices" else spec_id)
    assert [list(model.objects.order_by("pk").values()) for model in (Pair, Share, PublicLink, SymbolDemand)] == owned
    assert PairSpec.objects.count() == 1


def test_ending_leases_ends_no_pair_of_a_list() -> None:
    make_cast()
    before = writes()
    analytics_tasks.end_leases()
    assert writes() == before

"""The outbox: what a slow client gets is less, never wrong. One client model judges all of it."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.frames import Frame, Merge, fold, notice
from analytics.outbox import (
    STALL_SECONDS,
    WAITING_BYTES,
    WINDOW_BYTES,
    WINDOW_FRAMES,
    AcknowledgementError,
    Outbox,
    OutboxFullError,
)
from market.topics import Kind, encode


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def outbox(clock: Clock) -> Outbox:
    return Outbox(clock)


def spec_frame(seq: int, points: dict[int, float | None], **data: Any) -> Frame:
    columns = {"t": sorted(points), "z": [points[t] for t in sorted(points)]}
    text = encode("spec.1", seq=seq, prev=seq - 1, at=seq, kind="delta", data={"points": columns, **data})
    return Frame(text, Merge.POINTS)


def price_frame(seq: int, prev: int, price: float = 1.0, topic: str = "price.a:B") -> Frame:
    return Frame(encode(topic, seq=seq, prev=prev, at=seq, kind="delta", data={"price": price}), Merge.NEWEST)


def alert(number: int, size: int = 10) -> Frame:
    text = encode("user.1", seq=number, prev=number - 1, at=0, kind="delta", data={"text": "a" * size})
    return Frame(text, Merge.NEVER)


def fill(outbox: Outbox) -> None:
    for number in range(WINDOW_FRAMES):
        assert outbox.offer(alert(number + 1))


# --- the window -----------------------------------------------------------------------------------
def test_frames_go_at_once_until_the_window_is_full(outbox: Outbox) -> None:
    fill(outbox)
    assert not outbox.offer(price_frame(1, 0))


def test_bytes_close_the_window_too(outbox: Outbox) -> None:
    assert outbox.offer(alert(1, WINDOW_BYTES // 2))
    assert not outbox.offer(alert(2, WINDOW_BYTES // 2))


def test_one_frame_larger_than_the_window_goes_when_nothing_is_under_way(outbox: Outbox) -> None:
    assert outbox.offer(alert(1, WINDOW_BYTES + 1))


def test_an_acknowledgement_lets_go_what_waited(outbox: Outbox) -> None:
    fill(outbox)
    outbox.offer(price_frame(1, 0))
    assert list(outbox.ready()) == []
    assert outbox.acknowledge(1)
    assert [frame.seq for frame in outbox.ready()] == [1]
    assert not outbox.is_waiting


def test_acknowledgements_are_cumulative(outbox: Outbox) -> None:
    fill(outbox)
    assert outbox.acknowledge(8)
    assert not outbox.acknowledge(8)
    assert not outbox.acknowledge(3)


def test_frames_that_were_not_sent_cannot_be_acknowledged(outbox: Outbox) -> None:
    outbox.offer(alert(1))
    with pytest.raises(AcknowledgementError, match="only 1 were sent"):
        outbox.acknowledge(2)


# --- merging --------------------------------------------------------------------------------------
def test_waiting_prices_become_the_newest_one(outbox: Outbox) -> None:
    fill(outbox)
    for seq, prev in ((5, 3), (9, 5), (12, 9)):
        outbox.offer(price_frame(seq, prev, price=float(seq)))
    outbox.acknowledge(WINDOW_FRAMES)
    (frame,) = outbox.ready()
    assert (frame.prev, frame.seq, frame.data["price"]) == (3, 12, 12.0)


def test_what_is_merged_is_counted(outbox: Outbox) -> None:
    fill(outbox)
    for seq, prev in ((5, 3), (9, 5), (12, 9)):
        outbox.offer(price_frame(seq, prev))
    outbox.acknowledge(WINDOW_FRAMES)
    assert len(list(outbox.ready())) == 1
    assert outbox.merged == 2


def test_a_hole_among_waiting_points_is_not_hidden(outbox: Outbox) -> None:
    fill(outbox)
    for seq in (1, 3):
        outbox.offer(spec_frame(seq, {seq: 1.0}))
    outbox.acknowledge(WINDOW_FRAMES)
    assert [frame.kind for frame in outbox.ready()] == ["resync"]


def test_bars_that_wait_are_merged_by_their_opens(outbox: Outbox) -> None:
    def bars(seq: int, prev: int, opens: list[int], closes: list[float]) -> Frame:
        data = {"points": {"t": opens, "c": closes, "f": [1] * len(opens)}}
        text = encode("bars.a:B@1s", seq=seq, prev=prev, at=seq, kind="delta", data=data)
        return Frame(text, Merge.POINTS)

    fill(outbox)
    outbox.offer(bars(7, 3, [10, 20], [1.0, 2.0]))
    # Batches that change nothing of a series have no frame: numbers may leave some out
    outbox.offer(bars(12, 7, [20, 30], [2.5, 3.0]))
    outbox.acknowledge(WINDOW_FRAMES)
    (frame,) = outbox.ready()
    assert (frame.prev, frame.seq, frame.kind) == (3, 12, "delta")
    assert frame.data["points"] == {"t": [10, 20, 30], "c": [1.0, 2.5, 3.0], "f": [1, 1, 1]}


def test_waiting_points_are_replaced_and_appended(outbox: Outbox) -> None:
    fill(outbox)
    outbox.offer(spec_frame(1, {10: 1.0, 20: None}, now={"z": None}, report={"n": 1}))
    outbox.offer(spec_frame(2, {20: 2.0, 30: 3.0}, now={"z": 3.0}))
    outbox.acknowledge(WINDOW_FRAMES)
    (frame,) = outbox.ready()
    assert (frame.prev, frame.seq) == (0, 2)
    assert frame.data == {
        "points": {"t": [10, 20, 30], "z": [1.0, 2.0, 3.0]},
        "now": {"z": 3.0},
        "report": {"n": 1},
    }


def test_alerts_all_arrive_in_order(outbox: Outbox) -> None:
    fill(outbox)
    for number in range(20):
        outbox.offer(alert(100 + number))
    outbox.acknowledge(WINDOW_FRAMES)
    assert [frame.seq for frame in outbox.ready()] == list(range(100, 120))


def test_the_topic_that_waited_longest_goes_first(outbox: Outbox) -> None:
    fill(outbox)
    outbox.offer(price_frame(1, 0, topic="price.a:A"))
    outbox.offer(price_frame(1, 0, topic="price.a:B"))
    outbox.offer(price_frame(2, 1, topic="price.a:A"))
    outbox.acknowledge(WINDOW_FRAMES)
    assert [frame.topic for frame in outbox.ready()] == ["price.a:A", "price.a:B"]


def test_a_snapshot_stands_for_what_waited_before_it() -> None:
    snapshot = Frame(
        encode("spec.1", seq=7, prev=None, at=7, kind="snapshot", data={"points": {"t": [1], "z": [1.0]}}), Merge.POINTS
    )
    merged = fold([spec_frame(6, {5: 5.0}), snapshot, spec_frame(8, {2: 2.0})])
    assert (merged.kind, merged.prev, merged.seq) == ("snapshot", None, 8)
    assert merged.data["points"] == {"t": [1, 2], "z": [1.0, 2.0]}


def test_a_resync_that_waits_is_not_merged_away() -> None:
    resync = notice("spec.1", "resync", {}, Merge.POINTS)
    assert fold([spec_frame(1, {1: 1.0}), resync, spec_frame(2, {2: 2.0})]).kind == "resync"


def test_after_a_resync_the_newest_price_is_whole() -> None:
    merged = fold([notice("price.a:B", "resync", {}, Merge.NEWEST), price_frame(9, 8)])
    assert (merged.kind, merged.seq, merged.prev) == ("snapshot", 9, None)


# --- limits ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("merge", [Merge.POINTS, Merge.NEWEST])
def test_a_client_that_does_not_read_costs_less_than_a_megabyte(outbox: Outbox, merge: Merge) -> None:
    for seq in range(1, 400):
        data = {"points": {"t": [seq], "z": [0.0]}, "report": "r" * 50_000}
        frame = Frame(encode("spec.1", seq=seq, prev=seq - 1, at=0, kind="delta", data=data), merge)
        outbox.offer(frame)
        assert outbox.held_bytes <= WINDOW_BYTES + WAITING_BYTES < 1_000_000


def test_a_topic_too_large_to_wait_becomes_a_resync(outbox: Outbox) -> None:
    fill(outbox)
    for seq in range(1, 40):
        outbox.offer(spec_frame(seq, {1_000_000 * seq + t: 0.1 for t in range(1_000)}))
    outbox.acknowledge(WINDOW_FRAMES)
    assert [frame.kind for frame in outbox.ready()] == ["resync"]


def test_alerts_too_large_to_wait_end_the_connection(outbox: Outbox) -> None:
    fill(outbox)
    for number in range(WAITING_BYTES // 11_000):
        outbox.offer(alert(number, 10_000))
    with pytest.raises(OutboxFullError, match="does not read"):
        outbox.offer(alert(100, 50_000))


def test_a_dropped_topic_no_longer_waits(outbox: Outbox) -> None:
    fill(outbox)
    held = outbox.held_bytes
    outbox.offer(price_frame(1, 0))
    outbox.drop("price.a:B")
    assert not outbox.is_waiting
    assert outbox.held_bytes == held


# --- stalling -------------------------------------------------------------------------------------
def test_a_client_stalls_when_frames_wait_and_nothing_is_acknowledged(outbox: Outbox, clock: Clock) -> None:
    fill(outbox)
    outbox.offer(price_frame(1, 0))
    clock.now = STALL_SECONDS
    assert not outbox.is_stalled()
    clock.now = STALL_SECONDS + 0.1
    assert outbox.is_stalled()


def test_an_acknowledgement_gives_a_slow_client_more_time(outbox: Outbox, clock: Clock) -> None:
    fill(outbox)
    for seq in range(1, 4):
        outbox.offer(price_frame(seq, seq - 1))
    clock.now = STALL_SECONDS - 1
    outbox.acknowledge(1)
    clock.now = STALL_SECONDS + 1
    assert not outbox.is_stalled()


def test_a_client_with_nothing_waiting_never_stalls(outbox: Outbox, clock: Clock) -> None:
    outbox.offer(price_frame(1, 0))
    clock.now = 10 * STALL_SECONDS
    assert not outbox.is_stalled()


def test_the_clock_of_a_stall_starts_with_the_first_frame_under_way(outbox: Outbox, clock: Clock) -> None:
    clock.now = 100 * STALL_SECONDS
    fill(outbox)
    outbox.offer(price_frame(1, 0))
    assert not outbox.is_stalled()


# --- snapshot + deltas = fresh snapshot -----------------------------------------------------------
@dataclass
class Store:
    """The truth: rows with the frame number that last changed them, as the table of snapshots holds them."""

    seq: int = 0
    rows: dict[int, tuple[float | None, int]] = field(default_factory=dict)
    report: int = 0

    def change(self, points: dict[int, float | None]) -> Frame:
        self.seq += 1
        self.report = self.seq
        self.rows |= {t: (z, self.seq) for t, z in points.items()}
        return spec_frame(self.seq, points, report=self.report)

    def frame(self, since: int | None) -> Frame:
        points = {t: z for t, (z, seq) in self.rows.items() if since is None or seq > since}
        columns = {"t": sorted(points), "z": [points[t] for t in sorted(points)]}
        kind: Kind = "snapshot" if since is None else "delta"
        text = encode(
            "spec.1", seq=self.seq, prev=since, at=0, kind=kind, data={"points": columns, "report": self.report}
        )
        return Frame(text, Merge.POINTS)


@dataclass
class Browser:
    """A client by the contract: applies what follows, ignores what it knows, fetches after a hole."""

    store: Store
    seq: int = -1
    rows: dict[int, float | None] = field(default_factory=dict)
    report: int = 0

    def take(self, frame: Frame) -> None:
        if frame.kind == "resync" or (frame.kind == "delta" and frame.prev is not None and frame.prev > self.seq):
            return self.take(self.store.frame(self.seq if self.seq >= 0 else None))
        if frame.kind == "delta" and frame.seq <= self.seq:
            return None
        if frame.kind == "snapshot":
            self.rows = {}
        points = frame.data["points"]
        self.rows |= dict(zip(points["t"], points["z"], strict=True))
        self.report = frame.data.get("report", self.report)
        self.seq = frame.seq
        return None


points = st.dictionaries(st.integers(0, 30), st.none() | st.floats(-9, 9), max_size=6)
steps = st.lists(
    st.one_of(
        points.map(lambda changed: ("change", changed)),
        st.integers(1, 40).map(lambda frames: ("ack", frames)),
        st.just(("reconnect", None)),
        st.just(("lost", None)),
    ),
    max_size=150,
)


@given(steps=steps, burst=st.integers(0, 60))
def test_snapshot_and_deltas_equal_a_fresh_snapshot(steps: list[tuple[str, Any]], burst: int) -> None:
    store = Store()
    browser = Browser(store)
    outbox, on_wire = Outbox(Clock()), list[Frame]()
    received = 0

    def give(frame: Frame) -> None:
        if outbox.offer(frame):
            on_wire.append(frame)

    def read(limit: int) -> None:
        nonlocal received
        for frame in on_wire[:limit]:
            browser.take(frame)
        received += len(on_wire[:limit])
        del on_wire[:limit]
        outbox.acknowledge(received)
        on_wire.extend(outbox.ready())

    give(store.frame(None))
    for name, value in [*steps, *(("change", {number % 7: float(number)}) for number in range(burst))]:
        if name == "change":
            give(store.change(value))
        elif name == "ack":
            read(value)
        elif name == "lost":
            store.change({3: 3.0})
        else:
            outbox, on_wire, received = Outbox(Clock()), [], 0
            give(store.frame(browser.seq if browser.seq >= 0 else None))
    give(store.change({1: 1.0}))
    while on_wire:
        read(len(on_wire))

    assert browser.rows == {t: z for t, (z, _) in store.rows.items()}
    assert (browser.seq, browser.report) == (store.seq, store.report)

"""What each fault does to the payloads of a symbol; the truth stays."""

import json

import pytest

from market.simulator.faults import FAULTS, FaultBox, FaultError, fault_from_text
from market.simulator.frames import agg_trade
from market.simulator.source import Batch
from tests.core.simulator_rows import minutely

TEXTS = [agg_trade("AAAUSDT", row) for row in minutely(100).tolist()]


def sent(*faults: str, symbol: str = "AAAUSDT", step: int = 7) -> list[str]:
    """All payloads after the faults, handed over in small steps as the exchange does."""
    box = FaultBox()
    for text in faults:
        box.switch_on(fault_from_text(text))
    return [text for at in range(0, 100, step) for text in box.on_the_way(symbol, TEXTS[at : at + step])]


def ids(texts: list[str]) -> list[int]:
    return [json.loads(text)["a"] for text in texts]


def test_without_faults_nothing_changes() -> None:
    assert sent() == TEXTS


def test_silent_sends_nothing_and_may_concern_one_symbol() -> None:
    assert sent("silent") == []
    assert sent("silent:symbol=BBBUSDT") == TEXTS


def test_gap_drops_the_last_of_every_n() -> None:
    missing = set(range(1_000, 1_100)) - set(ids(sent("gap:every=20,drop=3")))
    assert missing == {1_000 + block + place for block in range(0, 100, 20) for place in (17, 18, 19)}


def test_duplicate_doubles_every_nth() -> None:
    found = ids(sent("duplicate:every=10"))
    assert len(found) == 110
    assert found[9:11] == [1_009, 1_009]


def test_reorder_swaps_every_nth_with_its_follower_and_loses_none() -> None:
    found = ids(sent("reorder:every=10"))
    assert found[8:12] == [1_008, 1_010, 1_009, 1_011]
    assert sorted(found) == sorted(set(found))
    assert len(found) >= 99


def test_a_held_frame_is_sent_when_reordering_ends() -> None:
    box = FaultBox()
    box.switch_on(fault_from_text("reorder:every=1"))
    assert box.on_the_way("AAAUSDT", TEXTS[:1]) == []
    box.switch_off("reorder")
    assert box.on_the_way("AAAUSDT", TEXTS[1:2]) == TEXTS[:2]


def test_corrupt_breaks_every_nth_in_several_ways() -> None:
    broken = [text for text in sent("corrupt:every=10") if text not in TEXTS]
    assert len(broken) == 10
    assert len({text.replace(str(place), "") for place, text in enumerate(broken)}) >= 5
    with pytest.raises(ValueError, match=r"Unterminated|Expecting|delimiter"):
        [json.loads(text) for text in broken]
    assert any("NaN" in text for text in broken)


def test_keys_come_and_go() -> None:
    (first, *_) = sent("unknown-keys")
    assert {"zz", "ps"} <= set(json.loads(first))
    (first, *_) = sent("missing-keys")
    assert list(json.loads(first)) == ["e", "E", "a", "s", "p", "q", "f", "l", "T", "m"]


def test_foreign_rows_carry_st_2_between_the_own_ones() -> None:
    texts = sent("st2:every=10")
    foreign = [text for text in texts if json.loads(text)["st"] == 2]
    assert len(foreign) == 10
    assert [text for text in texts if text not in foreign] == TEXTS


def test_zero_prints_take_an_id_and_are_true() -> None:
    box = FaultBox()
    box.switch_on(fault_from_text("zero-price:every=20"))
    changed = box.at_source(Batch("AAAUSDT", minutely(100)))
    zero = changed.rows[changed.rows["size"] == 0]
    assert zero["a"].tolist() == [1_000, 1_020, 1_040, 1_060, 1_080]
    assert '"p":"0","q":"0","nq":"0"' in agg_trade("AAAUSDT", zero[0].item())


def test_every_fault_can_be_named() -> None:
    assert [fault_from_text(name).name for name in FAULTS] == list(FAULTS)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("bogus", "Unknown fault 'bogus': use one of silent, cut, gap"),
        ("gap:often=3", "Fault gap has no parameter 'often': it knows symbol, every, drop."),
        ("gap:every=x", "Fault gap: every='x' is not a number."),
        ("cut:every=0", "Fault cut: every must be above 0, not 0."),
        ("gap:every", "write parameters as name:key=value, not 'every'"),
        ("half-open:now=1", "Fault half-open has no parameter 'now': it knows none."),
    ],
)
def test_wrong_faults_are_explained(text: str, said: str) -> None:
    with pytest.raises(FaultError) as caught:
        fault_from_text(text)
    assert said in str(caught.value)

"""As few points as a screen can show: the kernel beside its naive twin, and what must always hold."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.core.decimate import GAP_STEPS, Decimator, broken, opened

FROM, TO = 1_000, 9_000


def naive(times: list[int], values: list[float], pixels: int) -> list[tuple[int, float]]:
    columns: dict[int, list[tuple[int, float]]] = {}
    for time, value in zip(times, values, strict=True):
        if np.isfinite(value):
            columns.setdefault(min((time - FROM) * pixels // (TO - FROM), pixels - 1), []).append((time, value))
    kept = []
    for column in sorted(columns):
        points = columns[column]
        low, high = min(points, key=lambda p: p[1]), max(points, key=lambda p: p[1])
        kept += sorted({points[0], low, high, points[-1]})
    return kept


@st.composite
def series(draw: st.DrawFn) -> tuple[list[int], list[float]]:
    times = sorted(draw(st.sets(st.integers(FROM, TO), max_size=200)))
    values = [draw(st.floats(-1e6, 1e6) | st.just(float("nan"))) for _ in times]
    return times, values


@given(series(), st.integers(1, 50), st.lists(st.integers(0, 200), max_size=4))
def test_the_kernel_keeps_what_the_naive_twin_keeps(
    found: tuple[list[int], list[float]], pixels: int, cuts: list[int]
) -> None:
    times, values = found
    kept = Decimator(from_ms=FROM, to_ms=TO, pixels=pixels, series=2)
    # Blocks of any size say the same, and one series nothing of another
    for part in np.split(np.arange(len(times)), sorted(min(cut, len(times)) for cut in cuts)):
        block = np.array(values)[part] if len(part) else np.empty(0)
        kept.add(np.array(times, np.int64)[part] if len(part) else np.empty(0, np.int64), np.array([block, -block]))
    at, value = kept.points(0)
    assert list(zip(at.tolist(), value.tolist(), strict=True)) == naive(times, values, pixels)
    assert len(at) <= 4 * pixels
    assert kept.has_dropped is (len(at) < int(np.isfinite(values).sum()))
    at, value = kept.points(1)
    assert list(zip(at.tolist(), value.tolist(), strict=True)) == naive(times, [-v for v in values], pixels)


@pytest.mark.parametrize("seed", range(20))
def test_extremes_count_across_blocks(seed: int) -> None:
    random = np.random.default_rng(seed)
    times = np.sort(random.choice(np.arange(FROM, TO + 1), 400, replace=False)).astype(np.int64)
    values = np.where(random.random(400) < 0.2, np.nan, random.integers(-9, 9, 400).astype(np.float64))
    pixels = int(random.integers(1, 40))
    kept = Decimator(from_ms=FROM, to_ms=TO, pixels=pixels, series=1)
    for part in np.array_split(np.arange(400), int(random.integers(1, 80))):
        kept.add(times[part], values[np.newaxis, part])
    at, value = kept.points(0)
    assert list(zip(at.tolist(), value.tolist(), strict=True)) == naive(times.tolist(), values.tolist(), pixels)


@given(series(), st.integers(1, 50), st.integers(1, 2_000))
def test_a_stretch_is_open_where_neighbours_of_two_columns_lie_apart(
    found: tuple[list[int], list[float]], pixels: int, step: int
) -> None:
    times, values = found
    kept = Decimator(from_ms=FROM, to_ms=TO, pixels=pixels, series=1)
    kept.add(np.array(times, np.int64), np.array([values]) if values else np.empty((1, 0)))
    at, value = kept.points(0, step_ms=step)
    points = naive(times, values, pixels)
    column = [min((time - FROM) * pixels // (TO - FROM), pixels - 1) for time, _ in points]
    expected = [
        (before + after) // 2
        for (before, _), (after, _), here, there in zip(points, points[1:], column, column[1:], strict=False)
        if here != there and after - before > GAP_STEPS * step
    ]
    assert at[np.isnan(value)].tolist() == expected
    assert np.all(np.diff(at) >= 0)
    assert not np.isnan(value[:1]).any()
    assert not np.isnan(value[-1:]).any()


@pytest.mark.parametrize(
    ("stretch", "at"), [((2_000, 5_000), 3_500), ((2_000, 4_000), 3_000), ((500, 900), None), ((1_000, 5_000), None)]
)
def test_a_known_hole_parts_its_neighbours(stretch: tuple[int, int], at: int | None) -> None:
    times, values = broken(np.array([1_000, 2_000, 5_000]), np.array([1.0, 2.0, 3.0]), [stretch])
    assert times[np.isnan(values)].tolist() == ([] if at is None else [at])


def test_a_missing_stretch_stays_open() -> None:
    kept = Decimator(from_ms=FROM, to_ms=TO, pixels=8, series=1)
    kept.add(np.array([1_000, 2_000, 5_000, 6_000]), np.array([[1.0, 2.0, 3.0, 4.0]]))
    times, values = kept.points(0, step_ms=1_000)
    assert times.tolist() == [1_000, 2_000, 3_500, 5_000, 6_000]
    assert np.isnan(values[2])


@pytest.mark.parametrize(("gap", "is_open"), [(1.0, False), (GAP_STEPS, False), (GAP_STEPS + 0.001, True)])
def test_a_stretch_is_missing_after_one_and_a_half_steps(gap: float, is_open: bool) -> None:
    times, _ = opened(np.array([0, round(1_000 * gap)]), np.array([1.0, 1.0]), 1_000)
    assert (len(times) == 3) is is_open

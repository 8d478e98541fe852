"""Running sums of a window beside long double on hostile series, and the bits of a slot from wherever one walks."""

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.core.moments import Mask
from analytics.core.scoring.layout import ANCHOR, COLUMNS, EXPANDING, no_sums
from analytics.core.scoring.rows import Legs
from analytics.core.scoring.sums import roll
from market.core.types import F64

LD = npt.NDArray[np.longdouble]
Made = Callable[[np.random.Generator, int], tuple[F64, F64]]
N = 2_000


def walk(random: np.random.Generator, n: int) -> F64:
    return np.cumsum(random.normal(0.0, 1e-3, n))


def common(random: np.random.Generator, n: int) -> tuple[F64, F64]:
    x = walk(random, n)
    return 8.0 + 0.7 * x + random.normal(0.0, 1e-4, n), 11.0 + x


def far_apart(random: np.random.Generator, n: int) -> tuple[F64, F64]:
    """Raw prices near 1e8 and 1e-8."""
    y, x = common(random, n)
    return 1e8 * (1.0 + y), 1e-8 * (1.0 + x)


def almost_one(random: np.random.Generator, n: int) -> tuple[F64, F64]:
    """1 - R2 near 1e-9."""
    x = walk(random, n)
    return 8.0 + 2.0 * x + 6e-5 * x.std() * random.normal(0.0, 1.0, n), 11.0 + x


def steps(random: np.random.Generator, n: int) -> tuple[F64, F64]:
    """Legs that stand still for longer than some windows, then jump."""
    y, x = (np.repeat(random.normal(size=n // held + 1), held)[:n] for held in (190, 230))
    return y + 8.0, x + 11.0


def spikes(random: np.random.Generator, n: int) -> tuple[F64, F64]:
    """Prints up to a million times the usual move that enter and leave between anchors."""
    y, x = common(random, n)
    for leg in (y, x):
        leg[random.integers(0, n, 9)] += 10.0 ** random.integers(-3, 4, 9)
    return y, x


def alternating(random: np.random.Generator, n: int) -> tuple[F64, F64]:
    sign = np.where(np.arange(n) % 2, 1.0, -1.0)
    return 5.0 + 1e-3 * sign + 1e-6 * random.normal(size=n), 7.0 + 1e-2 * sign + 1e-6 * random.normal(size=n)


def restless(random: np.random.Generator, n: int) -> tuple[F64, F64]:
    """Volatility that changes by powers of ten."""
    size = np.repeat(10.0 ** random.integers(-6, 1, n // 150 + 1), 150)[:n]
    return 3.0 + np.cumsum(size * random.normal(size=n)), 9.0 + np.cumsum(size * random.normal(size=n))


def dying(random: np.random.Generator, n: int) -> tuple[F64, F64]:
    """y follows x, and hardly moves every other while: its line is another one than at the anchor."""
    move = random.normal(0.0, 1e-3, n)
    y = np.cumsum(np.where(np.arange(n) // 300 % 2, 1e-4, 1.0) * move)
    return 8.0 + y + random.normal(0.0, 1e-8, n), 11.0 + np.cumsum(move)


HOSTILE: list[Made] = [common, far_apart, almost_one, steps, spikes, alternating, restless, dying]


def legs_of(made: Made, seed: int, n: int = N, skip: Mask | None = None) -> Legs:
    y, x = made(np.random.default_rng(seed), n)
    return y, x, np.zeros(n, np.bool_) if skip is None else skip


def rolled(legs: Legs, width: int, start: int, *, first: int = 0, number: int = 0) -> F64:
    n = len(legs[0])
    out = np.empty((COLUMNS, n + 1 - start))
    roll(legs, width, (first, number), (start, n + 1), no_sums(), out)
    return out


def central(y: F64, x: F64) -> tuple[float, ...]:
    """Rows, means, Syy, Sxx and Sxy by two passes in long double."""
    long_y, long_x = y.astype(np.longdouble), x.astype(np.longdouble)
    dy, dx = long_y - long_y.mean(), long_x - long_x.mean()
    return len(y), long_y.mean(), long_x.mean(), (dy * dy).sum(), (dx * dx).sum(), (dx * dy).sum()


def told(column: F64) -> tuple[float, ...]:
    """The same of what `roll` says of a slot."""
    n, my, mx, slope, rr, ru, uu = (float(value) for value in column)
    return n, my, mx, rr + 2.0 * slope * ru + slope * slope * uu, uu, ru + slope * uu


def assert_near(column: F64, y: F64, x: F64, most: float) -> None:
    n, my, mx, syy, sxx, sxy = told(column)
    count, mean_y, mean_x, exact_yy, exact_xx, exact_xy = central(y, x)
    assert n == count
    assert my == pytest.approx(float(mean_y), rel=1e-14)
    assert mx == pytest.approx(float(mean_x), rel=1e-14)
    # of the largest of the terms that cancel; what a fit does where they nearly all do is in test_rolling.py
    scale_y = max(float(exact_yy), float(column[3]) ** 2 * float(exact_xx))
    assert abs(syy - float(exact_yy)) <= most * scale_y
    assert abs(sxx - float(exact_xx)) <= most * float(exact_xx)
    assert abs(sxy - float(exact_xy)) <= most * float(np.sqrt(scale_y * float(exact_xx)))


@pytest.mark.parametrize("made", HOSTILE)
@pytest.mark.parametrize(("width", "most"), [(2, 1e-9), (20, 1e-10), (100, 1e-10), (700, 1e-10)])
def test_moments_are_those_of_long_double(made: Made, width: int, most: float) -> None:
    legs = legs_of(made, 1)
    out = rolled(legs, width, width)
    for t in range(width, N + 1, 13):
        assert_near(out[:, t - width], legs[0][t - width : t], legs[1][t - width : t], most)


@pytest.mark.parametrize("made", HOSTILE)
def test_the_longest_window_keeps_its_digits(made: Made) -> None:
    width, n = 10_080, 12_000
    legs = legs_of(made, 2, n)
    out = rolled(legs, width, width)
    for t in range(width, n + 1, 311):
        assert_near(out[:, t - width], legs[0][t - width : t], legs[1][t - width : t], 1e-11)


@pytest.mark.parametrize("made", HOSTILE)
def test_sums_that_never_forget_keep_their_digits(made: Made) -> None:
    n = 20_000
    legs = legs_of(made, 3, n)
    out = rolled(legs, EXPANDING, 1)
    for t in (2, 3, 255, 256, 257, 1_000, n):
        assert_near(out[:, t - 1], legs[0][:t], legs[1][:t], 1e-11)


@pytest.mark.parametrize("made", HOSTILE)
@pytest.mark.parametrize("gap", [(250, 1_020), (ANCHOR, ANCHOR + 1), (0, 900), (700, N)])
def test_a_gap_longer_than_the_window_leaves_nothing_behind(made: Made, gap: tuple[int, int]) -> None:
    """No row is left in the window for hundreds of slots, some of them anchors; then there are rows again."""
    width = 60
    skip = np.zeros(N, np.bool_)
    skip[gap[0] : gap[1]] = True
    legs = legs_of(made, 4, skip=skip)
    legs[0][skip] = legs[1][skip] = np.nan
    out = rolled(legs, width, width)
    for t in range(width, N + 1, 7):
        kept = np.flatnonzero(~skip[t - width : t]) + t - width
        if len(kept):
            assert_near(out[:, t - width], legs[0][kept], legs[1][kept], 1e-10)
        else:
            assert out[0, t - width] == 0.0


@pytest.mark.parametrize("made", HOSTILE)
def test_a_leg_that_stands_still_has_exactly_no_variance(made: Made) -> None:
    y, x, skip = legs_of(made, 5)
    still = 2 * ANCHOR + 77
    x[still:] = x[still]
    out = rolled((y, x, skip), 50, 50)
    assert np.all(out[6, still + 50 - 50 + 1 :] == 0.0)


def spans(random: np.random.Generator, start: int, stop: int) -> Iterator[tuple[int, int]]:
    while start < stop:
        end = min(stop, start + int(random.choice([1, 2, 17, 100, 300, 700])))
        yield start, end
        start = end


@given(
    made=st.sampled_from(HOSTILE),
    seed=st.integers(0, 2**32 - 1),
    width=st.sampled_from([2, 3, 20, 100, 257, 600, 1_440, EXPANDING]),
    share=st.sampled_from([0.0, 0.01, 0.3]),
    first=st.integers(0, 50),
    number=st.integers(0, 10**9),
)
@settings(max_examples=150, deadline=None)
def test_the_bits_of_a_slot_do_not_depend_on_the_way_there(
    made: Made, seed: int, width: int, share: float, first: int, number: int
) -> None:
    """At once, in pieces of any length (kernels for runs and for single slots), and from a cold start in between."""
    random = np.random.default_rng(seed)
    skip = random.random(N) < share
    gap = int(random.integers(0, N))
    skip[gap : gap + int(random.integers(1, 900))] = True
    legs = legs_of(made, seed, skip=skip)
    start = int(random.integers(0, N // 2))
    whole = rolled(legs, width, start, first=first, number=number)
    sums = no_sums()
    for begin, end in spans(random, start, N + 1):
        part = np.empty((COLUMNS, end - begin))
        roll(legs, width, (first, number), (begin, end), sums, part)
        assert part.tobytes() == whole[:, begin - start : end - start].tobytes()
    if width < EXPANDING:
        t = int(random.integers(start, N + 1))
        cut = max(0, t - width - ANCHOR - 1)
        piece = (legs[0][cut:].copy(), legs[1][cut:].copy(), skip[cut:].copy())
        cold = rolled(piece, width, t - cut, first=first - cut, number=number + cut)
        assert cold.tobytes() == whole[:, t - start :].tobytes()


@pytest.mark.parametrize("made", HOSTILE)
def test_single_slots_and_runs_have_the_same_bits(made: Made) -> None:
    legs = legs_of(made, 6)
    for width in (2, 30, 400):
        whole, sums = rolled(legs, width, width), no_sums()
        for t in range(width, N + 1):
            one = np.empty((COLUMNS, 1))
            roll(legs, width, (0, 0), (t, t + 1), sums, one)
            assert one.tobytes() == whole[:, t - width : t - width + 1].tobytes()


def test_sums_asked_for_twice_or_for_an_older_slot_are_found_again() -> None:
    legs, sums = legs_of(restless, 7), no_sums()
    whole = rolled(legs, 40, 40)
    for t in (900, 900, 1_500, 700, 701, 40):
        one = np.empty((COLUMNS, 1))
        roll(legs, 40, (0, 0), (t, t + 1), sums, one)
        assert one.tobytes() == whole[:, t - 40 : t - 39].tobytes()

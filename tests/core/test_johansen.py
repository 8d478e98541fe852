from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.tsa.coint_tables import c_sja, c_sjt
from statsmodels.tsa.vector_ar.var_model import VAR
from statsmodels.tsa.vector_ar.vecm import coint_johansen

from analytics.core.cointegration.engle_granger import SAME_ASSET
from analytics.core.cointegration.johansen import johansen, johansen_pair
from analytics.core.cointegration.johansen_tables import MAX_EIGEN, TRACE, TRACE_WITHOUT_DRIFT
from analytics.core.cointegration.var import var_order
from analytics.core.stationarity.lags import Lags
from analytics.core.usable import REPEATS
from market.core.types import F64
from tests.core.pairs import cointegrated, cointegrated_logs, walks
from tests.core.shared_data import log_closes, needs_shared


def family(n: int, series: int, seed: int, *, relations: int) -> F64:
    """`series` legs of which the last ones follow the first but for noise; shape (n, series)."""
    random = np.random.default_rng(seed)
    levels = np.cumsum(random.normal(0.0, 1e-3, (n, series)), axis=0)
    for leg in range(series - relations, series):
        levels[:, leg] = 0.5 * levels[:, 0] + random.normal(0.0, 1e-3, n)
    return levels


@pytest.mark.parametrize("lag", [0, 1, 4])
@pytest.mark.parametrize("series", [2, 3, 6])
def test_equals_statsmodels(series: int, lag: int) -> None:
    levels = family(400, series, 3, relations=1)
    reference = coint_johansen(levels, 0, lag)
    ours = johansen(levels, Lags("fixed", lag))
    for name, theirs in (("trace", "trace_stat"), ("max_eigen", "max_eig_stat"), ("eigenvalues", "eig")):
        np.testing.assert_allclose(getattr(ours, name), getattr(reference, theirs), rtol=1e-9)
    np.testing.assert_array_equal(ours.trace_critical, reference.trace_stat_crit_vals)
    np.testing.assert_array_equal(ours.max_eigen_critical, reference.max_eig_stat_crit_vals)
    vectors = reference.evec * np.sign(reference.evec[0])
    np.testing.assert_allclose(np.transpose(ours.vectors), vectors, rtol=1e-7)
    np.testing.assert_allclose(ours.vector, vectors[:, 0] / vectors[0, 0], rtol=1e-9)


@needs_shared
@pytest.mark.parametrize("series", [2, 4, 12])
def test_equals_statsmodels_on_real_bars(series: int) -> None:
    legs = log_closes(bars=1_440)
    levels = np.column_stack([legs[name] for name in sorted(legs)[:series]])
    reference = coint_johansen(levels, 0, 1)
    ours = johansen(levels, Lags("fixed", 1))
    np.testing.assert_allclose(ours.trace, reference.trace_stat, rtol=1e-9)
    np.testing.assert_allclose(ours.max_eigen, reference.max_eig_stat, rtol=1e-9)


def test_the_tables_are_those_of_johdist() -> None:
    for series in range(1, 13):
        assert list(TRACE[series - 1]) == c_sjt(series, 0).tolist()
        assert list(MAX_EIGEN[series - 1]) == c_sja(series, 0).tolist()


def test_without_drift_the_values_are_those_of_osterwald_lenum() -> None:
    """M. Osterwald-Lenum, Oxford Bulletin 54 (1992), table 1, trace at 90, 95 and 99 %, by simulation."""
    published = [(6.50, 8.18, 11.65), (15.66, 17.95, 23.52), (28.71, 31.52, 37.22), (45.23, 48.28, 55.43)]
    np.testing.assert_allclose(TRACE_WITHOUT_DRIFT[:4], published, rtol=0.035)


def test_the_rank_without_drift_asks_for_more() -> None:
    y, x = walks(600, 3)
    found = johansen_pair(y, x, Lags())
    assert found.trace_critical_without_drift == (TRACE_WITHOUT_DRIFT[1], TRACE_WITHOUT_DRIFT[0])
    assert found.rank_without_drift == sum(
        np.cumprod([t > row[1] for t, row in zip(found.trace, found.trace_critical_without_drift, strict=True)])
    )


@pytest.mark.parametrize("criterion", ["aic", "bic"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_of_the_var_is_statsmodels(criterion: str, seed: int) -> None:
    levels = np.log(np.column_stack(cointegrated(300, seed)))
    levels[1:] += 0.5 * np.diff(levels, axis=0)
    levels = np.column_stack([levels, family(300, 2, seed, relations=0)])[:, : 1 + seed]
    assert var_order(levels, Lags.parse(criterion)) == VAR(levels).select_order(trend="c").selected_orders[criterion]


def test_the_number_of_lags_is_a_bound_for_a_criterion() -> None:
    smooth = [np.convolve(leg, [1.0, 0.8, 0.6, 0.4], "valid") for leg in walks(400, 1)]
    levels = np.column_stack(smooth)
    free = johansen(levels, Lags("aic")).k_ar_diff
    assert free > 1
    assert johansen(levels, Lags("aic", free - 1)).k_ar_diff == free - 1


def usual_rank(pair: Callable[[int, int], tuple[F64, F64]]) -> int:
    """The most frequent rank: each single one is wrong in 5 % of cases."""
    return Counter(johansen_pair(*pair(1_000, seed), Lags()).rank for seed in range(20)).most_common(1)[0][0]


def test_ranks() -> None:
    noise = np.random.default_rng(1).normal(size=(2, 1_000))
    assert usual_rank(walks) == 0
    assert usual_rank(cointegrated_logs) == 1
    assert johansen_pair(noise[0], noise[1], Lags()).rank == 2


@pytest.mark.parametrize("relations", [0, 1, 2, 3])
def test_as_many_relations_as_there_are(relations: int) -> None:
    ranks = Counter(johansen(family(800, 4, seed, relations=relations), Lags()).rank for seed in range(15))
    assert ranks.most_common(1)[0][0] == relations


@given(scale=st.floats(1e-3, 1e3), shift=st.floats(-100, 100), seed=st.integers(0, 1_000))
@settings(max_examples=30, deadline=None)
def test_units_and_levels_move_the_vector_only(scale: float, shift: float, seed: int) -> None:
    y, x = walks(200, seed)
    plain, moved = johansen_pair(y, x, Lags()), johansen_pair(y * scale + shift, x, Lags())
    np.testing.assert_allclose(moved.trace, plain.trace, rtol=1e-6)
    assert moved.vector[1] == pytest.approx(plain.vector[1] * scale, rel=1e-5)


def test_the_order_of_the_legs_does_not_matter() -> None:
    levels = family(400, 3, 5, relations=1)
    one, other = johansen(levels, Lags("fixed", 1)), johansen(levels[:, ::-1], Lags("fixed", 1))
    np.testing.assert_allclose(one.trace, other.trace, rtol=1e-9)
    np.testing.assert_allclose(np.array(one.vector) / one.vector[2], other.vector[::-1], rtol=1e-7)


WALK = walks(300, 1)


@pytest.mark.parametrize(
    ("levels", "reason"),
    [
        (np.column_stack([WALK[0], WALK[0]]), SAME_ASSET),
        (np.column_stack([*WALK, WALK[0] + 2.0 * WALK[1]]), SAME_ASSET),
        (np.column_stack([WALK[0], 1e4 * WALK[0] + 1e-3 * WALK[1]]), SAME_ASSET),
        (np.column_stack([WALK[0], np.full(300, 0.1)]), "a leg does not move"),
        (np.column_stack([WALK[0], 0.1 * np.arange(300)]), "all changes of a leg are equal"),
        (np.column_stack([WALK[0], np.tile([1.0, 2.0], 150)]), REPEATS),
        (np.column_stack([WALK[0], 1.01 ** np.arange(300)]), REPEATS),
        (np.column_stack([WALK[0], np.where(np.arange(300) == 7, np.nan, WALK[1])]), "a value is missing or infinite"),
        (np.column_stack([WALK[0], np.where(np.arange(300) == 7, np.inf, WALK[1])]), "a value is missing or infinite"),
        (np.column_stack(WALK)[:1], "1 bars are too few: at least 7"),
    ],
    ids=[
        "identical",
        "collinear",
        "near",
        "flat",
        "straight",
        "alternating",
        "exponential",
        "missing",
        "infinite",
        "one bar",
    ],
)
@pytest.mark.parametrize("lags", [Lags(), Lags("fixed", 1)])
def test_what_cannot_be_judged_has_a_reason(levels: F64, reason: str, lags: Lags) -> None:
    found = johansen(levels, lags)
    assert found.reason == reason
    assert found.rank == 0
    assert np.isnan(found.vector).all()
    assert len(found.vector) == levels.shape[1]


def test_too_many_lags_are_refused() -> None:
    with pytest.raises(ValueError, match="60 lags are too many for 150 bars"):
        johansen_pair(*walks(150, 1), Lags("fixed", 60))


@pytest.mark.parametrize("series", [1, 13])
def test_there_are_critical_values_for_two_to_twelve_series(series: int) -> None:
    with pytest.raises(ValueError, match=f"2 to 12 series, not {series}"):
        johansen(np.zeros((300, series)), Lags())

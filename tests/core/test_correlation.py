import numpy as np
import pytest
from scipy.stats import pearsonr, rankdata, spearmanr

from analytics.core.dependence.correlation import correlation, ranks


def test_equals_scipy_with_ties() -> None:
    random = np.random.default_rng(1)
    y, x = np.round(random.normal(size=(2, 300)) + random.normal(size=300), 1)
    found = correlation(y, x)
    assert found.pearson == pytest.approx(pearsonr(y, x).statistic, abs=1e-14)
    assert found.spearman == pytest.approx(spearmanr(y, x).statistic, abs=1e-14)
    assert ranks(y).tolist() == rankdata(y).tolist()


def test_a_leg_that_does_not_move_has_none() -> None:
    found = correlation(np.arange(10.0), np.zeros(10))
    assert np.isnan([found.pearson, found.spearman]).all()
    assert found.reason == "a leg did not move"


def test_two_returns_are_too_few() -> None:
    assert correlation(np.array([1.0, 2.0]), np.array([2.0, 1.0])).reason == "2 returns are too few"

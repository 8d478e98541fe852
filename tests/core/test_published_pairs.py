"""Numbers printed elsewhere, each with the parameters of its entry."""

import numpy as np
import pytest

from analytics.core.cointegration.engle_granger import residual_test
from analytics.core.cointegration.johansen import johansen_pair
from analytics.core.dependence.correlation import pearson, ranks
from analytics.core.hedges import fit
from analytics.core.stationarity.lags import Lags
from analytics.core.stationarity.mackinnon import Trend, critical_values
from analytics.core.stationarity.unit_root import adf
from tests.core.shared_data import FOLDER, agree, column, needs_shared

pytestmark = needs_shared

CHAN = "chan_EWA_EWC_IGE.csv"


def test_nist_certified_regression() -> None:
    hedge = fit("ols", column("nist_norris.csv", "y"), column("nist_norris.csv", "x"))
    agree(hedge.line.ratio, "nist_norris.csv", "ols_slope")
    agree(hedge.line.intercept, "nist_norris.csv", "ols_intercept")
    agree(hedge.line.stderr, "nist_norris.csv", "ols_slope_stderr")
    agree(hedge.line.intercept_stderr, "nist_norris.csv", "ols_intercept_stderr")
    agree(hedge.r2, "nist_norris.csv", "ols_r_squared")


def test_chan_hedge_ratio() -> None:
    hedge = fit("ols", column(CHAN, "EWC"), column(CHAN, "EWA"))
    agree(hedge.line.ratio, CHAN, "ols_hedge_ratio EWC on EWA")
    agree(hedge.line.intercept, CHAN, "ols_intercept EWC on EWA")


def test_chan_cadf() -> None:
    test = residual_test(column(CHAN, "EWC"), column(CHAN, "EWA"), Lags.parse("1"))
    agree(test.statistic, CHAN, "cadf_t")
    agree(test.coefficient, CHAN, "cadf_lambda (coefficient of the lagged residual)")
    agree(test.statistic, CHAN, "engle_granger_t coint(EWC, EWA) lag 1")


def test_chan_verdict_flips_with_the_lag_choice() -> None:
    y, x = column(CHAN, "EWC"), column(CHAN, "EWA")
    by_aic = residual_test(y, x, Lags.parse("aic"))
    agree(by_aic.statistic, CHAN, "engle_granger_t coint(EWC, EWA) AIC")
    assert by_aic.pvalue > 0.05 > residual_test(y, x, Lags.parse("1")).pvalue


def test_defaults_on_log_prices_as_the_definitions_state() -> None:
    y, x = np.log(column(CHAN, "EWC")), np.log(column(CHAN, "EWA"))
    lowest = {
        lags: min(residual_test(y, x, Lags.parse(lags)).pvalue, residual_test(x, y, Lags.parse(lags)).pvalue)
        for lags in ("bic", "aic")
    }
    assert lowest == {"bic": pytest.approx(0.025, abs=0.003), "aic": pytest.approx(0.063, abs=0.003)}


def test_chan_johansen_pair() -> None:
    result = johansen_pair(column(CHAN, "EWC"), column(CHAN, "EWA"), Lags.parse("1"))
    agree(result.trace, CHAN, "johansen_trace pair")
    agree(result.max_eigen, CHAN, "johansen_maxeig pair")


@pytest.mark.parametrize("trend", ["c", "ct", "n"])
@pytest.mark.parametrize(("series", "lag"), [("realgdp", 4), ("infl", 1)])
def test_stata_adf(series: str, lag: int, trend: Trend) -> None:
    test = adf(column("macrodata.csv", series), Lags("fixed", lag), trend)
    agree(test.statistic, "macrodata.csv", f"adf_t {series} {trend} lag{lag}")
    if trend != "n":
        agree(test.pvalue, "macrodata.csv", f"adf_p {series} {trend} lag{lag}")
    if series == "realgdp":
        agree(list(test.critical.values()), "macrodata.csv", f"adf_crit realgdp {trend} 1/5/10")


def test_stata_engle_granger() -> None:
    test = residual_test(column("macrodata.csv", "realcons"), column("macrodata.csv", "realgdp"), Lags("fixed", 0))
    agree(test.statistic, "macrodata.csv", "engle_granger_t realcons on realgdp lag0")


@pytest.mark.parametrize("n", [100, 500])
@pytest.mark.parametrize("trend", ["c", "ct", "n"])
def test_mackinnon_2010_of_one_series(n: int, trend: Trend) -> None:
    agree(list(critical_values(n, trend).values()), "mackinnon2010.json", f"adf_crit {trend} T={n} 1/5/10")


def test_mackinnon_2010_of_two_series_has_the_coefficient_of_the_paper() -> None:
    one, five, ten = critical_values(199, "c", series=2).values()
    agree(one, "mackinnon2010.json", "engle_granger_crit c N=2 T=199 1%")
    agree([five, ten], "mackinnon2010.json", "engle_granger_crit c N=2 T=199 5/10")


@pytest.mark.parametrize("kind", ["theil_sen_slope", "theil_sen_intercept median(y-slope*x)"])
def test_sen(kind: str) -> None:
    line = fit("theil-sen", column("sen_1968.csv", "y"), column("sen_1968.csv", "x")).line
    agree(line.ratio if kind == "theil_sen_slope" else line.intercept, "sen_1968.csv", kind)


def test_lean_rolling_correlations_of_levels() -> None:
    import pandas as pd

    table = pd.read_csv(FOLDER / "published" / "lean_spy_qqq_corr.csv.gz")
    legs = {symbol: np.asarray(rows["Close"], np.float64) for symbol, rows in table.groupby("Symbol")}
    ours = pd.Series(table.loc[table["Symbol"] == "QQQ", "Correlation_Pearson"].to_numpy())
    windows = [slice(stop - 252, stop) for stop in range(252, len(ours) + 1)]
    found = [pearson(legs["QQQ"][w], legs["SPY"][w]) for w in windows]
    name = "rolling_corr_252 max abs difference over all full windows"
    agree(np.abs(np.array(found) - ours[251:]).max(), "lean_spy_qqq_corr.csv.gz", name)
    agree(found[-1], "lean_spy_qqq_corr.csv.gz", "rolling_corr_252 last (2021-03-31)")
    last = windows[-1]
    spearman = pearson(ranks(legs["QQQ"][last]), ranks(legs["SPY"][last]))
    agree(spearman, "lean_spy_qqq_corr.csv.gz", "rolling_spearman_252 last")

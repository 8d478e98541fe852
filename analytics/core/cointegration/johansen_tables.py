"""Critical values of Johansen's statistics with a constant, for 1 to 12 series beyond the rank asked about.

J. G. MacKinnon, A. A. Haug, L. Michelis, "Numerical Distribution Functions of Likelihood Ratio Tests for
Cointegration", Journal of Applied Econometrics 14 (1999) 563-577; digits of the authors' program johdist as LeSage's
jplv7 and statsmodels print them. Row m - 1 holds 90, 95 and 99 % for m = k - r series.

They hold for series with a drift. Without one the same statistic is greater (Johansen and Juselius 1990, table A2;
Osterwald-Lenum 1992, table 1, is what R's urca prints). `TRACE_WITHOUT_DRIFT` was simulated for livepairs: quantiles of
tr(int dW F' (int F F')^-1 int F dW'), F = W - mean W, from 400,000 to 500,000 walks of 500, 1,000 and 2,000 steps,
extrapolated in 1/steps; standard error below 0.1 at 95 %.
"""

Row = tuple[float, float, float]

TRACE: tuple[Row, ...] = (
    (2.7055, 3.8415, 6.6349),
    (13.4294, 15.4943, 19.9349),
    (27.0669, 29.7961, 35.4628),
    (44.4929, 47.8545, 54.6815),
    (65.8202, 69.8189, 77.8202),
    (91.1090, 95.7542, 104.9637),
    (120.3673, 125.6185, 135.9825),
    (153.6341, 159.5290, 171.0905),
    (190.8714, 197.3772, 210.0366),
    (232.1030, 239.2468, 253.2526),
    (277.3740, 285.1402, 300.2821),
    (326.5354, 334.9795, 351.2150),
)
TRACE_WITHOUT_DRIFT: tuple[Row, ...] = (
    (6.58, 8.18, 11.79),
    (15.86, 18.10, 22.76),
    (28.99, 31.85, 37.71),
    (46.20, 49.67, 56.63),
    (67.38, 71.47, 79.53),
    (92.58, 97.30, 106.45),
    (121.83, 127.10, 137.47),
    (154.99, 160.87, 172.78),
    (192.14, 198.73, 211.41),
    (233.33, 240.51, 254.57),
    (278.62, 286.43, 301.53),
    (327.80, 336.23, 352.65),
)
MAX_EIGEN: tuple[Row, ...] = (
    (2.7055, 3.8415, 6.6349),
    (12.2971, 14.2639, 18.5200),
    (18.8928, 21.1314, 25.8650),
    (25.1236, 27.5858, 32.7172),
    (31.2379, 33.8777, 39.3693),
    (37.2786, 40.0763, 45.8662),
    (43.2947, 46.2299, 52.3069),
    (49.2855, 52.3622, 58.6634),
    (55.2412, 58.4332, 64.9960),
    (61.2041, 64.5040, 71.2525),
    (67.1307, 70.5392, 77.4877),
    (73.0563, 76.5734, 83.7105),
)


def of_ranks(table: tuple[Row, ...], series: int) -> tuple[Row, ...]:
    """Rows for r = 0 … series - 1."""
    return table[series - 1 :: -1]

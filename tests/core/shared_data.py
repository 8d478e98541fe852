"""Real data and published results beside the checkout; tests that need them skip where they are absent."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data"
needs_shared = pytest.mark.skipif(not FOLDER.exists(), reason="the shared data are not beside this checkout")


def entry(dataset: str, statistic: str) -> dict[str, Any]:
    """One published result with its value and tolerance."""
    entries = json.loads((FOLDER / "published" / "expected.json").read_text())["entries"]
    (found,) = [e for e in entries if e["dataset"] == dataset and e["statistic"] == statistic]
    return dict(found)


def agree(value: object, dataset: str, statistic: str) -> None:
    """`value` is the published one within its tolerance."""
    published = entry(dataset, statistic)
    np.testing.assert_allclose(np.asarray(value), published["value"], rtol=0, atol=published["tolerance"])


def column(dataset: str, name: str) -> npt.NDArray[np.float64]:
    return np.asarray(pd.read_csv(FOLDER / "published" / dataset)[name], np.float64)


def log_closes(bars: int) -> dict[str, npt.NDArray[np.float64]]:
    """Log closes of the 16 symbols over the first `bars` minutes common to all."""
    table = pd.read_parquet(FOLDER / "klines" / "usdm_1m_16sym_202505-06.parquet")
    wide = table.pivot(index="date", columns="symbol", values="close").dropna().iloc[:bars]
    return {str(symbol): np.log(np.asarray(wide[symbol], np.float64)) for symbol in wide.columns}

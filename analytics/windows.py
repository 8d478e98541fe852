"""Windows of a pair as rows and forms name them, and the bounds that forms accept."""

from analytics.core.windows import Windows

BOUNDS = {"hedge_window": (60, 10_080), "z_window": (20, 5_000), "correlation_window": (20, 5_000)}


def columns_of(windows: Windows) -> dict[str, int]:
    """Column of PairSpec, and field of the form, of each window."""
    return {
        "hedge_window": windows.hedge,
        "z_window": windows.z,
        "correlation_window": windows.correlation,
    }


def windows_of(columns: dict[str, int]) -> Windows:
    """The reverse of `columns_of`."""
    return Windows(columns["hedge_window"], columns["z_window"], columns["correlation_window"])

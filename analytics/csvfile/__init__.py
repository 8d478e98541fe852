"""Prices of a CSV file as people export them, checked cell by cell; every complaint names the line and the cure."""

from analytics.csvfile.errors import CsvError
from analytics.csvfile.prices import PricePair, Prices, read_columns, read_pair
from analytics.csvfile.times import epoch_ms

__all__ = ["CsvError", "PricePair", "Prices", "epoch_ms", "read_columns", "read_pair"]

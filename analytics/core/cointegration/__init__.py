"""Whether legs hold together: Engle-Granger, Johansen, Phillips-Ouliaris."""

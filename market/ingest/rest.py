"""The venue's REST interface under its weight budget."""

import time

import httpx

from market.ingest.budget import WeightBudget
from market.venues.base import Answer, Refusal, Request, Venue

TIMEOUT = 10.0


class Rest:
    """`wait_for` says when a call may be made; `ask` makes it and never raises for what the venue does."""

    def __init__(self, venue: Venue, budget: WeightBudget) -> None:
        self.venue = venue
        self.budget = budget
        self.calls = 0
        self._client = httpx.AsyncClient(
            base_url=venue.rest_url(), timeout=TIMEOUT, headers={"user-agent": "livepairs"}, follow_redirects=False
        )

    def wait_for(self, request: Request) -> float:
        return self.budget.wait_for(request.weight)

    async def ask(self, request: Request) -> Answer | Refusal:
        """One call; a refusal has closed the budget for as long as it asks for."""
        self.budget.spend(request.weight)
        self.calls += 1
        try:
            response = await self._client.get(request.path, params=dict(request.params))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            refusal = Refusal("failure", f"{type(error).__name__}: {error}"[:300])
            self.budget.refuse(refusal)
            return refusal
        answer = Answer(response.status_code, {k.lower(): v for k, v in response.headers.items()}, response.content)
        self.budget.report(self.venue.used_weight(answer.headers))
        refused = self.venue.refusal_of(answer, time.time_ns() // 1_000_000)
        if refused is not None:
            self.budget.refuse(refused)
            return refused
        self.budget.accept()
        return answer

    async def close(self) -> None:
        await self._client.aclose()

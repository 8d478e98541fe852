// Stored series by HTTP: of a topic, or the trades of an instrument.

import { headers } from "../lib/reader.js";
import { TopicError } from "../live/twin.js";

export function fetchSeries(topic, { from, to, pixels, signal }) {
  return get(`/api/v1/series/${encodeURIComponent(topic)}`, { from, to, pixels }, signal);
}

export function fetchTicks(instrument, { from, to, pixels, last, signal }) {
  return get(`/api/v1/ticks/${encodeURIComponent(instrument)}`, { from, to, pixels, last }, signal);
}

async function get(path, params, signal) {
  const query = new URLSearchParams(Object.entries(params).filter(([, value]) => value !== undefined));
  const response = await fetch(`${path}?${query}`, { headers: headers(), cache: "no-store", signal });
  if (response.ok) return response.json();
  const { what, mend } = await response.json().catch(() => ({}));
  throw new TopicError(response.status, what ? `${what} ${mend ?? ""}`.trim() : `The server answered ${response.status}.`);
}

// The HTTP twin of a live topic.

import { headers } from "../lib/reader.js";

export class TopicError extends Error {
  constructor(status, text) {
    super(text);
    this.status = status;
  }
}

export async function fetchTopic(topic, since, fetcher = fetch) {
  const query = since === null ? "" : `?since=${since}`;
  const response = await fetcher(`/api/v1/topics/${encodeURIComponent(topic)}${query}`, {
    headers: headers(),
    cache: "no-store",
  });
  if (!response.ok) throw new TopicError(response.status, `The server answered ${response.status} for ${topic}.`);
  return response.json();
}

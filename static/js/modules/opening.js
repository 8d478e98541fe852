// A pair whose settings are on no list of the user is opened by the page that shows it.

import { post } from "../lib/post.js";

const RETRY_MS = 3_000;

// The page's data with the topic of its pair. Tries until the server answers; what it refuses is said by onProblem.
export async function opened(page, { onProblem, send = post, wait = pause }) {
  if (page.topic) return page;
  for (;;) {
    try {
      const answer = await send(page.open.url, { pair: page.open.pair, ...page.open.params });
      return { ...page, topic: (await answer.json()).topic };
    } catch (error) {
      const isFinal = error.status && error.status < 500 && error.status !== 429;
      onProblem(`This pair could not be opened. ${error.message}${isFinal ? "" : " Trying again by itself."}`);
      if (isFinal) throw error;
    }
    await wait(RETRY_MS);
  }
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

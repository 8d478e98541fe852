// A form's worth of values, sent as the page's own forms are.

export class PostError extends Error {
  constructor(status, what) {
    super(what ?? (status === 0 ? "The server cannot be reached." : `The server answered ${status}.`));
    this.status = status;
  }
}

export async function post(url, values, { fetcher = fetch, root = document, keepalive = false } = {}) {
  const token = root.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  const body = new URLSearchParams({ ...values, csrfmiddlewaretoken: token });
  const response = await fetcher(url, { method: "POST", body, keepalive, headers: { Accept: "application/json" } }).catch(() => null);
  if (!response?.ok) throw new PostError(response?.status ?? 0, await words(response));
  return response;
}

// What a refusal says, where it is for people.
async function words(response) {
  if (response?.status !== 422) return undefined;
  const { what } = await response.json().catch(() => ({}));
  return what;
}

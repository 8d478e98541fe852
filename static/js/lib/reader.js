// As whom the page reads: a logged-in user by the session, or the holder of a public link by its secret.

let link = null;

export function readBy(secret) {
  link = secret ?? null;
}

// Headers of every question to the API.
export function headers() {
  return { Accept: "application/json", ...(link && { "X-Link": link }) };
}

export function socketPath() {
  return link ? `/ws/live/?${new URLSearchParams({ link })}` : "/ws/live/";
}

// A page goes on with the scripts it was opened with. When the server has others, it says so, and reloads only when asked.

const HEADER = "X-Livepairs-Version";
const heard = new Set();

// What an answer of this site says about the version behind it. Answers without a word say nothing.
export function hearVersion(response) {
  hear(response?.headers?.get(HEADER));
  return response;
}

// The same from a frame of the live socket.
export function hear(version) {
  if (version) for (const listener of heard) listener(version);
}

export function mountVersion(root = document, { reload = () => location.reload() } = {}) {
  const own = root.querySelector('meta[name="livepairs-version"]')?.content;
  const bar = root.querySelector("#new-version");
  let isAsked = false;

  function compare(version) {
    if (!own || version === own || isAsked) return;
    isAsked = true;
    bar.hidden = false;
  }
  const later = () => (bar.hidden = true);

  heard.add(compare);
  bar.querySelector("[data-reload]").addEventListener("click", reload);
  bar.querySelector("[data-later]").addEventListener("click", later);
  return () => {
    heard.delete(compare);
    bar.querySelector("[data-reload]").removeEventListener("click", reload);
    bar.querySelector("[data-later]").removeEventListener("click", later);
  };
}

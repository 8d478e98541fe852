// What this reader opened last from the search, in this browser.

const MOST = 5;

export class Recent {
  #storage;
  #key;

  constructor(userId, storage = localStorage) {
    this.#storage = storage;
    this.#key = `recent.${userId}`;
  }

  // Newest first: [{ label, href, detail }].
  get list() {
    try {
      const kept = JSON.parse(this.#storage.getItem(this.#key) ?? "[]");
      return Array.isArray(kept) ? kept.filter(isPair) : [];
    } catch {
      return [];
    }
  }

  add({ label, href }) {
    const list = [{ label, href, detail: "opened lately" }, ...this.list.filter((each) => each.href !== href)].slice(0, MOST);
    try {
      this.#storage.setItem(this.#key, JSON.stringify(list));
    } catch {
      // Without storage nothing is remembered
    }
  }
}

function isPair({ label, href } = {}) {
  return typeof label === "string" && typeof href === "string" && href.startsWith("/pairs/");
}

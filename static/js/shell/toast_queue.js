// Which messages stand on the page: newest first, three at most, equal ones counted. Pure; the clock is passed in.

export const MOST = 3;
const STAY_MS = 6_000;
const ACTION_MS = 10_000;
const UNTIL_CLOSED = ["warn", "bad"];

export class ToastQueue {
  #toasts = [];
  #id = 0;

  get toasts() {
    return [...this.#toasts];
  }

  add({ text, level = "info", action }, now) {
    const same = this.#toasts.find((toast) => toast.text === text && toast.level === level);
    const toast = { id: same?.id ?? (this.#id += 1), text, level, action, count: (same?.count ?? 0) + 1, endsAt: now + stay(level, action) };
    this.#toasts = [toast, ...this.#toasts.filter((each) => each !== same)].slice(0, MOST);
    return toast;
  }

  close(id) {
    this.#toasts = this.#toasts.filter((toast) => toast.id !== id);
  }

  // Takes away what has stood long enough; the next time to look, or null.
  pass(now) {
    this.#toasts = this.#toasts.filter((toast) => toast.endsAt > now);
    const next = Math.min(...this.#toasts.map((toast) => toast.endsAt));
    return Number.isFinite(next) ? next : null;
  }

  // While a pointer or the focus rests on them, no time passes for them.
  hold(ms) {
    this.#toasts = this.#toasts.map((toast) => ({ ...toast, endsAt: toast.endsAt + ms }));
  }
}

function stay(level, action) {
  if (action) return ACTION_MS;
  return UNTIL_CLOSED.includes(level) ? Infinity : STAY_MS;
}

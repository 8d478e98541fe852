// The server's clock, as this page knows it. A stamp arrives later than it was made, so the smallest
// difference ever seen is nearest to the truth; stale data cannot look young.

export class ServerClock {
  #now;
  #skew = Infinity;

  constructor(now = Date.now) {
    this.#now = now;
  }

  observe(stampMs) {
    if (Number.isFinite(stampMs) && stampMs > 0) this.#skew = Math.min(this.#skew, this.#now() - stampMs);
  }

  now() {
    return this.#now() - (Number.isFinite(this.#skew) ? this.#skew : 0);
  }
}

// A bar is final two seconds after its end at the earliest, so that much of its age is no delay.
export const FINAL_AFTER_MS = 2_000;

export function isBarStale(ageMs, stepMs) {
  return isStale(ageMs - FINAL_AFTER_MS, stepMs);
}

// Data are stale after three intervals, and never before 5 s.
export function isStale(ageMs, intervalMs) {
  return ageMs > Math.max(5_000, 3 * intervalMs);
}

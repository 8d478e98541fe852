// The server's clock, as this page knows it, whatever the clock of this machine says.
// A stamp arrives later than it was made, so the latest time ever told is nearest to the truth; stale data cannot look
// young. Time passes by the steady clock; by the wall clock where that has gone further, as through a sleep. The next
// stamp corrects either.

const WINDOW_MS = 300_000;

export class ServerClock {
  #wall;
  #steady;
  #began = -Infinity;
  // Server time less steady time: the greatest of this window of stamps, and of the one before
  #offset = -Infinity;
  #before = -Infinity;
  #observedAt;

  constructor({ wall = Date.now, steady = () => performance.now() } = {}) {
    this.#wall = wall;
    this.#steady = steady;
    this.#observedAt = { wall: wall(), steady: steady() };
  }

  observe(stampMs) {
    if (!Number.isFinite(stampMs) || stampMs <= 0) return;
    const steady = this.#steady();
    const offset = stampMs - steady;
    if (steady - this.#began > WINDOW_MS) {
      this.#before = this.#offset;
      this.#offset = offset;
      this.#began = steady;
    }
    this.#offset = Math.max(this.#offset, offset);
    this.#observedAt = { wall: this.#wall(), steady };
  }

  now() {
    const steady = this.#steady();
    const offset = Math.max(this.#offset, this.#before);
    if (!Number.isFinite(offset)) return this.#wall();
    const slept = this.#wall() - this.#observedAt.wall - (steady - this.#observedAt.steady);
    return steady + offset + Math.max(0, slept);
  }

  // How far the clock of this machine is ahead of the server's, in ms.
  get skew() {
    return this.#wall() - this.now();
  }
}

// A bar is final two seconds after its end at the earliest, so that much of its age is no delay.
export const FINAL_AFTER_MS = 2_000;

export function isBarStale(ageMs, stepMs) {
  return isStale(ageMs - FINAL_AFTER_MS, stepMs);
}

// A trade stands for the price for a minute at most, whatever the width of a bar.
const LONGEST_PRICE_INTERVAL_MS = 20_000;

export function isPriceStale(ageMs, stepMs) {
  return isStale(ageMs, Math.min(stepMs, LONGEST_PRICE_INTERVAL_MS));
}

// Data are stale after three intervals, and never before 5 s.
export function isStale(ageMs, intervalMs) {
  return ageMs > Math.max(5_000, 3 * intervalMs);
}

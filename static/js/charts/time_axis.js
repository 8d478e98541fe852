// Round times for a linear axis of epoch milliseconds, in any zone.

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 5, 10, 20, 50, 100].map((n) => n * DAY),
];

// Ticks that are round on the clocks of a zone; `offsetAt` says how far those are ahead of UTC.
export function timeTicks(from, to, most, offsetAt = () => 0) {
  const step = STEPS.find((size) => (to - from) / size <= most) ?? STEPS.at(-1);
  const shift = step < 15 * MINUTE ? 0 : offsetAt(from);
  const ticks = [];
  for (let local = Math.ceil((from + shift) / step) * step; local - shift <= to; local += step) ticks.push(local - shift);
  return { ticks, step };
}

export class TimeFormat {
  #clock;
  #minute;
  #day;
  #full;
  #parts;

  constructor(zone) {
    const make = (options) => new Intl.DateTimeFormat("en-GB", { timeZone: zone, hourCycle: "h23", ...options });
    this.#clock = make({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
    this.#minute = make({ hour: "2-digit", minute: "2-digit" });
    this.#day = make({ day: "numeric", month: "short" });
    this.#full = make({ dateStyle: "medium", timeStyle: "medium" });
    this.#parts = make({ year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" });
  }

  tick(time, step) {
    if (step < MINUTE) return this.#clock.format(time);
    const text = this.#minute.format(time);
    return step >= DAY || text === "00:00" ? this.#day.format(time) : text;
  }

  clock(time) {
    return this.#clock.format(time);
  }

  full(time) {
    return this.#full.format(time);
  }

  // Both ends in words; the day once where it is the same.
  span(from, to) {
    const end = this.#day.format(from) === this.#day.format(to) && to - from < DAY ? this.clock(to) : this.full(to);
    return `${this.full(from)} to ${end}`;
  }

  // How far the clocks of the zone are ahead of UTC, in ms.
  offset = (time) => {
    const parts = Object.fromEntries(this.#parts.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
    const local = Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second);
    return local - Math.floor(time / SECOND) * SECOND;
  };
}

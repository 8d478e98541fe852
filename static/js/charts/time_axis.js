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

export function timeTicks(from, to, most) {
  const step = STEPS.find((size) => (to - from) / size <= most) ?? STEPS.at(-1);
  const ticks = [];
  for (let time = Math.ceil(from / step) * step; time <= to; time += step) ticks.push(time);
  return { ticks, step };
}

export class TimeFormat {
  #clock;
  #minute;
  #day;
  #full;

  constructor(zone) {
    const make = (options) => new Intl.DateTimeFormat("en-GB", { timeZone: zone, hourCycle: "h23", ...options });
    this.#clock = make({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
    this.#minute = make({ hour: "2-digit", minute: "2-digit" });
    this.#day = make({ day: "numeric", month: "short" });
    this.#full = make({ dateStyle: "medium", timeStyle: "medium" });
  }

  tick(time, step) {
    if (step < MINUTE) return this.#clock.format(time);
    const text = this.#minute.format(time);
    return step >= DAY || text === "00:00" ? this.#day.format(time) : text;
  }

  full(time) {
    return this.#full.format(time);
  }
}

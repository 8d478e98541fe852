// What a row of the watch list shows of its topic, and in which order rows stand. Pure.

import { UNKNOWN, age, duration, number, pvalue } from "../lib/format.js";
import { isBarStale } from "../lib/clock.js";

export function watchFigures(data, { step, now }) {
  if (!data) return { z: UNKNOWN, pvalue: UNKNOWN, half_life: UNKNOWN, age: "no data yet", isStale: false };
  const late = data.at ? isBarStale(now - data.at, step) : false;
  // A value with a reason to doubt it
  const isWarming = Number.isFinite(data.z) && Boolean(data.unknown?.z);
  return {
    z: `${number(data.z, 2, { sign: true })}${isWarming ? " *" : ""}`,
    isWarming,
    pvalue: pvalue(data.pvalue),
    half_life: Number.isFinite(data.half_life) ? duration((data.half_life * step) / 1_000) : UNKNOWN,
    age: data.at ? `${late ? "Stale, " : ""}${age(now - data.at)}` : "no data yet",
    isStale: late,
    why: data.unknown?.z ?? "",
  };
}

// "-z" is by z, the largest first; the z-score by how far it is from zero. Unknown values stand last.
export function ordered(rows, sort) {
  const isDown = sort.startsWith("-");
  const name = sort.replace("-", "");
  const known = (row) => row.key[name] !== null && row.key[name] !== undefined;
  return [...rows].sort((a, b) => {
    if (!known(a) || !known(b)) return Number(known(b)) - Number(known(a));
    const [one, other] = [a.key[name], b.key[name]];
    const rising = typeof one === "string" ? one.localeCompare(other) : one - other;
    return isDown ? -rising : rising;
  });
}

export function sortKeys(name, data, step) {
  const finite = (value) => (Number.isFinite(value) ? value : null);
  return {
    name,
    z: data ? finite(Math.abs(data.z ?? NaN)) : null,
    pvalue: finite(data?.pvalue),
    half_life: Number.isFinite(data?.half_life) ? data.half_life * step : null,
    at: data?.at ? -data.at : null,
  };
}

// How many rows of `ids` would stand elsewhere.
export function moved(ids, wanted) {
  return ids.filter((id, index) => id !== wanted[index]).length;
}

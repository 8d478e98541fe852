// Numbers and times as people read them. An unknown value is "–", a minus is U+2212. Decimals null: as many as it takes.

export const UNKNOWN = "–";
const MINUS = "\u2212";
const UNITS = [["d", 86_400], ["h", 3_600], ["min", 60], ["s", 1]];
const formats = new Map();

export function number(value, decimals, { sign = false } = {}) {
  if (!Number.isFinite(value)) return UNKNOWN;
  const text = format(decimals).format(Math.abs(value));
  const isZero = !/[1-9]/.test(text);
  if (value < 0 && !isZero) return MINUS + text;
  return sign && !isZero ? `+${text}` : text;
}

export function pvalue(value) {
  if (!Number.isFinite(value)) return UNKNOWN;
  return value < 0.001 ? "<0.001" : number(value, 3);
}

// A number of the registry of metrics; bars are told in time as well.
export function quantity(value, { unit, decimals }, step) {
  if (!Number.isFinite(value)) return UNKNOWN;
  if (unit === "p") return pvalue(value);
  const text = number(value, decimals);
  if (unit === "bars") return `${text} ${text === "1" ? "bar" : "bars"}, ${span(value * step)}`;
  return unit ? `${text} ${unit}` : text;
}

function span(ms) {
  const text = duration(Math.abs(ms) / 1000);
  return ms < 0 ? MINUS + text : text;
}

// Sentences of the server have the minus of a keyboard.
export function typeset(text) {
  return text.replace(/(?<!\w)-(?=\d)/g, MINUS);
}

// Decimals of a tick size given as text: "0.10" has one, "5" has none. Null while the tick size is unknown.
export function decimalsOf(tick) {
  if (!tick) return null;
  const fraction = String(tick).split(".")[1] ?? "";
  return fraction.replace(/0+$/, "").length;
}

// In price units one digit beyond the finer leg, at most 6; a spread of logarithms is a small number by nature.
export function spreadDecimals(prices, tickY, tickX) {
  if (prices === "log") return 6;
  return Math.min(6, Math.max(decimalsOf(tickY) ?? 5, decimalsOf(tickX) ?? 5) + 1);
}

// The two largest units: 250 -> "4 min 10 s".
export function duration(seconds) {
  if (!Number.isFinite(seconds)) return UNKNOWN;
  if (seconds > 0 && seconds < 1) return "<1 s";
  let rest = Math.max(0, Math.round(seconds));
  const first = UNITS.findIndex(([, size]) => rest >= size);
  if (first < 0) return "0 s";
  const parts = [];
  for (const [unit, size] of UNITS.slice(first, first + 2)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count) parts.push(`${count} ${unit}`);
  }
  return parts.join(" ");
}

export function age(ms) {
  return duration(Math.floor(Math.max(0, ms) / 1000));
}

function format(decimals) {
  if (!formats.has(decimals)) {
    const options =
      decimals === null ? { maximumSignificantDigits: 8 } : { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
    formats.set(decimals, new Intl.NumberFormat("en-US", options));
  }
  return formats.get(decimals);
}

// One row of figures: of the crosshair, or the newest ones. What keys did is spoken.

import { setText } from "../lib/dom.js";
import { duration, number } from "../lib/format.js";
import { writer } from "./definitions.js";

// writers: how each column is written; time: TimeFormat.
export function mountReadout(root, { writers, time }) {
  const row = root.querySelector("#readout");
  const speech = root.querySelector("#readout-speech");
  const places = Object.fromEntries([...row.querySelectorAll("[data-reading]")].map((place) => [place.dataset.reading, place]));
  const candleBox = row.querySelector("[data-reading-candle]");
  const note = (text) => setText(places.note, text);

  // point: {time, values, gap, isExact} or null; mode: what the row is of; candle: {o, h, l, c, v, words, width, write},
  // null while no candles are shown.
  function show({ point, candle, mode, why = "" }) {
    if (row.dataset.mode !== mode) row.dataset.mode = mode;
    setText(places.mode, { latest: "Latest", hover: "At", key: "At", locked: "Locked at" }[mode]);
    setText(places.time, point ? time.full(point.time) : "–");
    for (const [column, write] of Object.entries(writers)) setText(places[column], write(point?.values[column] ?? NaN));
    showCandle(candle);
    note(why || (point?.gap ? gapWords(point.gap, time) : point && !point.isExact ? "≈ one of the bars of this pixel" : ""));
  }

  function showCandle(candle) {
    if (candleBox.hidden === Boolean(candle)) candleBox.hidden = !candle;
    if (!candle) return;
    const { o, c, v, write, words, width } = candle;
    setText(places.width, `${words} ${duration(width / 1_000)}`);
    for (const name of ["o", "h", "l", "c"]) setText(places[name], write(candle[name]));
    setText(places.v, compact(v));
    const sign = c > o ? "▲" : c < o ? "▼" : "●";
    setText(places.move, Number.isFinite(o) ? `${sign} ${number((c / o - 1) * 100, 2, { sign: true })} %` : "");
  }

  return {
    show,
    get text() {
      return [...row.querySelectorAll(".reading")].filter((each) => each.offsetParent !== null).map((each) => each.textContent.replace(/\s+/g, " ").trim()).filter(Boolean).join(" · ");
    },
    speak(text) {
      setText(speech, text);
    },
  };
}

export function gapWords({ from, to }, time) {
  const isShort = to - from < 86_400_000;
  return `no data ${isShort ? time.clock(from) : time.full(from)}–${isShort ? time.clock(to) : time.full(to)} (${duration(Math.round((to - from) / 1_000))})`;
}

const SIZES = [[1e9, "B"], [1e6, "M"], [1e3, "k"]];

// 1,234,567 -> "1.23 M".
export function compact(value) {
  if (!Number.isFinite(value)) return number(value, 0);
  const [size, unit] = SIZES.find(([each]) => Math.abs(value) >= each) ?? [1, ""];
  return size === 1 ? writer(null)(Number(value.toPrecision(5))) : `${number(value / size, 2)} ${unit}`;
}

// The places of one panel in the page.

import { setText } from "../lib/dom.js";

const WARMING = /(\d+) of (\d+)/;

export function partsOf(element) {
  const find = (selector) => element.querySelector(selector);
  return { element, box: find(".chart"), canvas: find("canvas"), empty: find("[data-empty]"), words: find("[data-words]"), table: find("[data-table]") };
}

// Instead of bare axes: why there is nothing to see, and how far the warming up is. Empty words show the chart.
export function showReason({ empty }, reason) {
  const isEmpty = Boolean(reason);
  if (empty.hidden === isEmpty) empty.hidden = !isEmpty;
  if (!isEmpty) return;
  setText(empty.querySelector("[data-reason]") ?? empty, reason);
  const bar = empty.querySelector("progress");
  if (!bar) return;
  const [, done, all] = WARMING.exec(reason) ?? [];
  bar.hidden = !all;
  if (all) Object.assign(bar, { value: Number(done), max: Number(all) });
}

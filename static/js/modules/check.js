// The panel of the quick check: figures, equity, last trades.

import { extent } from "../charts/sample.js";
import { lineChart } from "../charts/line_chart.js";
import { make, setText } from "../lib/dom.js";
import { number } from "../lib/format.js";
import { mountFigures } from "./cards.js";
import { checkFigures, rulesWords, tradeRows, whyNoCheck } from "./check_words.js";

// Of the columns of the trades
const CLASSES = ["time", "time", "time", "number", "number", "number", "number"];

export function mountCheck(root, page, { time }) {
  const figures = mountFigures(root, "check");
  const rules = root.querySelector("[data-rules]");
  const trades = root.querySelector("[data-trades]");
  const canvas = root.querySelector("#chart-equity");
  const empty = root.querySelector("[data-empty]");
  const chart = lineChart(canvas, {
    series: [{ column: "net", token: "series-2" }],
    bands: [{ value: 0, isFilled: false }],
    axes: { y: { title: "net" } },
    time,
    zone: page.zone,
  });
  let shown;

  function paint(report) {
    if (report === shown) return;
    shown = report;
    const why = whyNoCheck(report);
    figures.paint(checkFigures(report));
    setText(rules, why ? `No check: ${why}.` : rulesWords(report.check));
    showTrades(why ? [] : tradeRows(report.check, time), why || "No round trip in these bars.");
    showEquity(why ? null : report.check.equity, why);
  }

  function showTrades(rows, otherwise) {
    const none = make("tr");
    none.append(make("td", { text: otherwise, attributes: { colspan: CLASSES.length } }));
    trades.replaceChildren(...(rows.length ? rows.map(line) : [none]));
  }

  function showEquity(equity, why) {
    const isEmpty = !equity?.t.length;
    empty.hidden = !isEmpty;
    if (isEmpty) setText(empty, why || "No equity");
    const { t = [0], net = [null] } = equity ?? {};
    const [from, to] = [t[0], t.at(-1)];
    canvas.setAttribute("aria-label", isEmpty ? "Net result: no data yet" : describe(t, net));
    canvas.dataset.last = isEmpty ? "" : to;
    // The curve is thinned out: its points are as far apart as they are
    chart.draw({ t, net }, { from, to, step: Infinity });
  }

  function describe(t, net) {
    const { low, high, last } = extent(t, net, t[0], t.at(-1)) ?? {};
    const [lowest, highest, newest] = [low, high, last].map((value) => number(value, 2, { sign: true }));
    return `Net result from ${time.full(t[0])} to ${time.full(t.at(-1))}: last ${newest}, minimum ${lowest}, maximum ${highest}`;
  }

  function restyle() {
    chart.restyle();
    const report = shown;
    shown = undefined;
    paint(report);
  }

  return { paint, restyle, unmount: () => chart.destroy() };
}

function line(cells) {
  const row = make("tr");
  row.append(...cells.map((text, index) => make("td", { text, className: CLASSES[index] })));
  return row;
}

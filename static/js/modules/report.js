// What stands over the table of tests and measures: on which bars, and what to be careful with.

import { make, setText } from "../lib/dom.js";
import { basisWords } from "./report_words.js";

export function mountReport(root, { time }) {
  const basis = root.querySelector("#report-basis");
  const warnings = root.querySelector("#warnings");

  function paint(report) {
    setText(basis, basisWords(report, time));
    const texts = report?.warnings ?? [];
    if (texts.join() === [...warnings.children].map((item) => item.textContent).join()) return;
    warnings.replaceChildren(...texts.map((text) => make("li", { text })));
    warnings.hidden = texts.length === 0;
  }

  return { paint };
}

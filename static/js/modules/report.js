// What stands over the table of tests and measures: the verdict, on which bars, and what to be careful with.

import { make, setText } from "../lib/dom.js";
import { basisWords, verdictWords } from "./report_words.js";

export function mountReport(root, { time }) {
  const basis = root.querySelector("#report-basis");
  const verdict = root.querySelector("#verdict");
  const warnings = root.querySelector("#warnings");

  function paint(report) {
    setText(basis, basisWords(report, time));
    setText(verdict, verdictWords(report));
    verdict.hidden = !verdict.textContent;
    const texts = report?.warnings ?? [];
    if (texts.join() === [...warnings.children].map((item) => item.textContent).join()) return;
    warnings.replaceChildren(...texts.map((text) => make("li", { text })));
    warnings.hidden = texts.length === 0;
  }

  return { paint };
}

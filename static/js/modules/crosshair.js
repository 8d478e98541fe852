// One vertical line over all charts and one row of figures: overlays moved by transform, no chart is drawn again.

import { make, setText } from "../lib/dom.js";

export function mountCrosshair(root, charts, { time }) {
  const readout = root.querySelector("#readout");
  const lines = charts.map(({ box, chart }) => {
    const line = make("div", { className: "crosshair", attributes: { hidden: "" } });
    box.append(line);
    return { line, chart };
  });
  let store = null;
  let pointed = null;

  function show() {
    const index = store && pointed !== null ? store.indexAt(pointed) : -1;
    for (const { line, chart } of lines) {
      line.hidden = index < 0;
      if (index >= 0) line.style.transform = `translateX(${chart.pixelOf(store.t[index])}px)`;
    }
    setText(readout, index < 0 ? readout.dataset.hint : words(index));
  }

  function words(index) {
    const figures = charts.flatMap(({ series }) => series.map(({ column, label, write }) => `${label} ${write(store[column][index])}`));
    return [time.full(store.t[index]), ...figures].join(" · ");
  }

  const listeners = charts.map(({ box, chart }) => {
    const move = (event) => {
      pointed = chart.timeAt(event.clientX - box.getBoundingClientRect().left);
      show();
    };
    const leave = () => {
      pointed = null;
      show();
    };
    box.addEventListener("pointermove", move);
    box.addEventListener("pointerleave", leave);
    return () => {
      box.removeEventListener("pointermove", move);
      box.removeEventListener("pointerleave", leave);
    };
  });

  return {
    follow(newest) {
      store = newest;
      if (pointed !== null) show();
    },
    unmount() {
      listeners.forEach((remove) => remove());
      lines.forEach(({ line }) => line.remove());
    },
  };
}

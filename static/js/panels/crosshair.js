// One vertical line over all charts, a horizontal one in the chart that is pointed at, and one row of figures.
// Overlays moved by transform: no chart is drawn again.

import { make, setText } from "../lib/dom.js";

// charts: [{box, chart}]; describe(time) → {time, words}: the point next to a time and what stands there.
export function mountCrosshair({ readout, speech }, charts, { describe }) {
  const lines = charts.map(({ box, chart }) => {
    const across = make("div", { className: "crosshair", attributes: { hidden: "" } });
    const level = make("div", { className: "crosslevel", attributes: { hidden: "" } });
    box.append(across, level);
    return { across, level, box, chart };
  });
  let time = null;
  let isLocked = false;

  function show(y = null, own = null) {
    const found = time === null ? null : describe(time);
    for (const { across, level, box, chart } of lines) {
      const { left, right, top, bottom } = chart.area();
      const x = found ? chart.pixelOf(found.time) : -1;
      const isSeen = x >= left - 1 && x <= right + 1;
      across.hidden = !isSeen;
      if (isSeen) across.style.transform = `translateX(${x}px)`;
      const isLevel = found && box === own && y !== null && y >= top && y <= bottom;
      level.hidden = !isLevel;
      if (isLevel) level.style.transform = `translateY(${y}px)`;
    }
    setText(readout, found ? found.words : readout.dataset.hint);
    readout.classList.toggle("is-locked", isLocked);
  }

  return {
    get time() {
      return time;
    },
    get isLocked() {
      return isLocked;
    },
    point(at, y, own) {
      if (isLocked) return;
      time = at;
      show(y, own);
    },
    leave() {
      if (isLocked) return;
      time = null;
      show();
    },
    // By key: announced.
    move(at) {
      time = at;
      show();
      setText(speech, readout.textContent);
    },
    lock() {
      if (time === null) return;
      isLocked = !isLocked;
      show();
    },
    free() {
      isLocked = false;
      time = null;
      show();
    },
    refresh() {
      if (time !== null) show();
    },
    unmount: () => lines.forEach(({ across, level }) => [across, level].forEach((line) => line.remove())),
  };
}

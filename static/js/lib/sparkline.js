// A line of few points as the path of a small drawing; left open where a value is unknown.

export const WIDTH = 120;
export const HEIGHT = 24;
const EDGE = 2;

// values: numbers or null, evenly spread; times: their places where they are not.
export function sparkline(values, times = null) {
  const known = values.filter(Number.isFinite);
  if (known.length < 2) return "";
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const across = places(values, times);
  let isOpen = false;
  return values
    .map((value, index) => {
      if (!Number.isFinite(value)) {
        isOpen = false;
        return "";
      }
      const down = high === low ? HEIGHT / 2 : EDGE + ((HEIGHT - 2 * EDGE) * (high - value)) / (high - low);
      const step = `${isOpen ? "L" : "M"}${across[index].toFixed(1)} ${down.toFixed(1)}`;
      isOpen = true;
      return step;
    })
    .join("");
}

function places(values, times) {
  if (!times) return values.map((_, index) => (index * WIDTH) / Math.max(1, values.length - 1));
  const span = times.at(-1) - times[0] || 1;
  return times.map((time) => ((time - times[0]) * WIDTH) / span);
}

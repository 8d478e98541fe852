// The same made-up pair for both sides of the bench: a random walk, its hedge, spread, score, correlation, and bars.

export const STEP = 1_000;
export const COLUMNS = ["y", "x", "spread", "z", "corr", "beta", "alpha"];

// A small seeded generator (mulberry32): the same pair in every run.
function random(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296 - 0.5;
  };
}

// Rows that go on for ever: next() gives {t, y, x, …, o, h, l, c, v}.
export function market({ start, seed = 7 }) {
  const next = random(seed);
  let [t, x, spread, close] = [start, 2_400, 0, 6_000];
  return () => {
    x *= 1 + next() * 4e-4;
    spread = 0.95 * spread + next() * 1e-3;
    const y = 2.5 * x * (1 + spread);
    const row = { t, y, x, spread, z: spread * 800, corr: 0.8 + 0.1 * Math.sin(t / 3e6) + next() * 0.02, beta: 1.1, alpha: 2, o: close, c: y, h: Math.max(close, y) * 1.0001, l: Math.min(close, y) * 0.9999, v: 1 + Math.abs(next()) };
    close = y;
    t += STEP;
    return row;
  };
}

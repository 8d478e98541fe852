// z-score of the bar that forms: by the line, mean and deviation known before it, with the last prices.

export function formingZ(forming, y, x, space) {
  const { ratio, intercept, mean, std } = forming ?? {};
  if (![ratio, intercept, mean, std, y, x].every(Number.isFinite) || std <= 0) return null;
  const [own, other] = space === "log" ? [Math.log(y), Math.log(x)] : [y, x];
  const z = (own - intercept - ratio * other - mean) / std;
  return Number.isFinite(z) ? z : null;
}

// Its spread, by the same line.
export function formingSpread(forming, y, x, space) {
  const { ratio, intercept } = forming ?? {};
  if (![ratio, intercept, y, x].every(Number.isFinite)) return null;
  const [own, other] = space === "log" ? [Math.log(y), Math.log(x)] : [y, x];
  const spread = own - intercept - ratio * other;
  return Number.isFinite(spread) ? spread : null;
}

// What the charts paint beside their lines: the hatched edge of stale data, and candles with their volume.

const HATCH = 6;
const patterns = new Map();

// chart.$stale = {from, colour}: epoch ms from which nothing is known, up to the right edge.
export const staleEdge = {
  id: "staleEdge",
  beforeDatasetsDraw(chart) {
    const { ctx, chartArea, scales, $stale: stale } = chart;
    if (!stale) return;
    const left = Math.max(chartArea.left, scales.x.getPixelForValue(stale.from));
    if (left >= chartArea.right) return;
    ctx.save();
    ctx.fillStyle = hatched(ctx, stale.colour);
    ctx.fillRect(left, chartArea.top, chartArea.right - left, chartArea.bottom - chartArea.top);
    ctx.restore();
  },
};

function hatched(ctx, colour) {
  if (!patterns.has(colour)) {
    const tile = document.createElement("canvas");
    tile.width = tile.height = HATCH;
    const pen = tile.getContext("2d");
    pen.strokeStyle = colour;
    pen.lineWidth = 2;
    pen.beginPath();
    pen.moveTo(-1, HATCH + 1);
    pen.lineTo(HATCH + 1, -1);
    pen.stroke();
    patterns.set(colour, ctx.createPattern(tile, "repeat"));
  }
  return patterns.get(colour);
}

const VOLUME_SHARE = 0.2;
const BODY_SHARE = 0.7;

// chart.$candles = {bars: [{t, o, h, l, c, v, isOpen}], width, tone}: bodies of `width` ms, volume below them.
export const candles = {
  id: "candles",
  afterDatasetsDraw(chart) {
    const { ctx, chartArea, $candles: found } = chart;
    if (!found?.bars.length) return;
    ctx.save();
    ctx.beginPath();
    ctx.rect(chartArea.left, chartArea.top, chartArea.right - chartArea.left, chartArea.bottom - chartArea.top);
    ctx.clip();
    paintVolume(chart, found);
    for (const isUp of [true, false]) paintBodies(chart, found, isUp);
    ctx.restore();
  },
};

// All candles of one direction are one path: a stroke and a fill each, however many there are.
function paintBodies(chart, { bars, width, tone }, isUp) {
  const { ctx, scales } = chart;
  const [wide, half] = bodyOf(scales.x, width);
  const filled = new Path2D();
  const lines = new Path2D();
  for (const { t, o, h, l, c, isOpen } of bars) {
    if (c >= o !== isUp) continue;
    const middle = Math.round(scales.x.getPixelForValue(t)) + 0.5;
    const [top, bottom] = [scales.y.getPixelForValue(Math.max(o, c)), scales.y.getPixelForValue(Math.min(o, c))];
    lines.moveTo(middle, scales.y.getPixelForValue(h));
    lines.lineTo(middle, top);
    lines.moveTo(middle, bottom);
    lines.lineTo(middle, scales.y.getPixelForValue(l));
    (isOpen ? lines : filled).rect(middle - half, top, wide, Math.max(1, bottom - top));
  }
  ctx.strokeStyle = ctx.fillStyle = isUp ? tone.up : tone.down;
  ctx.lineWidth = 1;
  ctx.stroke(lines);
  ctx.fill(filled);
}

function paintVolume(chart, { bars, width, tone }) {
  const { ctx, chartArea, scales } = chart;
  const most = bars.reduce((found, { v }) => Math.max(found, v || 0), 0);
  if (!most) return;
  const [wide, half] = bodyOf(scales.x, width);
  const tall = (chartArea.bottom - chartArea.top) * VOLUME_SHARE;
  ctx.globalAlpha = 0.35;
  for (const isUp of [true, false]) {
    const path = new Path2D();
    for (const { t, o, c, v } of bars) {
      if (c >= o !== isUp) continue;
      const height = (tall * (v || 0)) / most;
      path.rect(scales.x.getPixelForValue(t) - half, chartArea.bottom - height, wide, height);
    }
    ctx.fillStyle = isUp ? tone.up : tone.down;
    ctx.fill(path);
  }
  ctx.globalAlpha = 1;
}

function bodyOf(scale, width) {
  const wide = Math.max(1, Math.round((scale.getPixelForValue(width) - scale.getPixelForValue(0)) * BODY_SHARE));
  return [wide, wide / 2];
}

// What is drawn by hand on a canvas: lines and candles as paths, levels, hatched stretches. All take a `frame`, which
// turns times and values into pixels: {left, right, top, bottom, x(time), y(value)}.

export function frameOf({ chartArea: { left, right, top, bottom } }, xScale, yScale) {
  const perMs = (right - left) / (xScale.max - xScale.min || 1);
  const perUnit = (bottom - top) / (yScale.max - yScale.min || 1);
  return {
    left,
    right,
    top,
    bottom,
    perMs,
    x: (time) => left + (time - xScale.min) * perMs,
    y: (value) => bottom - (value - yScale.min) * perUnit,
  };
}

export function drawLine(ctx, frame, { xs, ys, length }, { colour, width = 1.5, dash = [], isStepped = false }) {
  ctx.lineWidth = width;
  ctx.strokeStyle = colour;
  ctx.fillStyle = colour;
  ctx.lineJoin = "bevel";
  ctx.setLineDash(dash);
  ctx.beginPath();
  let isDown = false;
  for (let index = 0; index < length; index += 1) {
    if (Number.isNaN(ys[index])) {
      isDown = false;
      continue;
    }
    const x = frame.x(xs[index]);
    const y = frame.y(ys[index]);
    if (isDown) {
      if (isStepped) ctx.lineTo(x, frame.y(ys[index - 1]));
      ctx.lineTo(x, y);
    } else {
      ctx.moveTo(x, y);
      // A point between two open stretches would leave no trace
      if (index + 1 === length || Number.isNaN(ys[index + 1])) ctx.fillRect(x - 1.5, y - 1.5, 3, 3);
    }
    isDown = true;
  }
  ctx.stroke();
  ctx.setLineDash([]);
}

// Candles over their volume. An open candle is hollow; a rising one is lighter than a falling one, not only of another colour.
export function drawCandles(ctx, frame, candles, tone) {
  const most = Math.max(...candles.map(({ v }) => v ?? 0), 0);
  const room = (frame.bottom - frame.top) * VOLUME_SHARE;
  for (const { t, o, h, l, c, v, span, isFinal } of candles) {
    const isUp = c >= o;
    const centre = frame.x(t + span.offset);
    const width = Math.max(1, span.width * frame.perMs * 0.72);
    const colour = isUp ? tone.up : tone.down;
    ctx.strokeStyle = colour;
    ctx.fillStyle = colour;
    ctx.lineWidth = 1;
    if (most > 0) {
      ctx.globalAlpha = 0.3;
      const height = ((v ?? 0) / most) * room;
      ctx.fillRect(centre - width / 2, frame.bottom - height, width, height);
      ctx.globalAlpha = 1;
    }
    ctx.fillRect(Math.round(centre) - 0.5, frame.y(h), 1, frame.y(l) - frame.y(h));
    const top = frame.y(Math.max(o, c));
    const height = Math.max(1, frame.y(Math.min(o, c)) - top);
    if (width < 3) {
      ctx.fillRect(centre - width / 2, top, width, height);
      continue;
    }
    if (isUp || !isFinal) {
      ctx.fillStyle = tone.surface;
      ctx.fillRect(centre - width / 2, top, width, height);
      ctx.fillStyle = colour;
    }
    if (isFinal) {
      ctx.globalAlpha = isUp ? 0.45 : 1;
      ctx.fillRect(centre - width / 2, top, width, height);
      ctx.globalAlpha = 1;
    }
    ctx.strokeRect(centre - width / 2 + 0.5, top + 0.5, Math.max(1, width - 1), Math.max(1, height - 1));
  }
}

export const VOLUME_SHARE = 0.2;

// Columns from zero to a value; the best one in another colour.
export function drawColumns(ctx, frame, bars, { plain, best }) {
  const zero = frame.y(0);
  const width = Math.max(1, Math.min(26, frame.perMs * 0.7));
  for (const { x, value, isBest } of bars) {
    if (!Number.isFinite(value)) continue;
    ctx.fillStyle = isBest ? best : plain;
    const y = frame.y(value);
    ctx.fillRect(frame.x(x) - width / 2, Math.min(y, zero), width, Math.max(1, Math.abs(y - zero)));
  }
}

// Horizontal levels: {value, dash, label, fill}. A filled one fills the stretch to its mirror image.
export function drawLevels(ctx, frame, levels, tone) {
  ctx.lineWidth = 1;
  ctx.font = `10px ${FONT}`;
  ctx.textAlign = "left";
  ctx.textBaseline = "bottom";
  for (const { value, fill } of levels) {
    if (!fill) continue;
    ctx.fillStyle = tone.band;
    ctx.fillRect(frame.left, frame.y(value), frame.right - frame.left, frame.y(-value) - frame.y(value));
  }
  for (const { value, dash, label } of levels) {
    const y = Math.round(frame.y(value)) + 0.5;
    if (y < frame.top || y > frame.bottom) continue;
    ctx.strokeStyle = value === 0 ? tone.zero : tone["border-strong"];
    ctx.setLineDash(dash ?? []);
    ctx.beginPath();
    ctx.moveTo(frame.left, y);
    ctx.lineTo(frame.right, y);
    ctx.stroke();
    ctx.fillStyle = tone["text-muted"];
    if (label && y - frame.top > 12) ctx.fillText(label, frame.left + 4, y - 1);
  }
  ctx.setLineDash([]);
}

// A stretch of time that is hatched, with words: old data, data that are not there.
export function drawStretch(ctx, frame, { from, to, colour, words, isHatched = true }, tone) {
  const left = Math.max(frame.left, frame.x(from));
  const right = Math.min(frame.right, frame.x(to));
  if (right - left < 1) return;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, frame.top, right - left, frame.bottom - frame.top);
  ctx.clip();
  ctx.fillStyle = tone[colour];
  ctx.strokeStyle = tone[colour];
  if (isHatched) hatch(ctx, left, right, frame);
  else ctx.fillRect(left, frame.top, right - left, frame.bottom - frame.top);
  ctx.fillStyle = tone["text-muted"];
  ctx.font = `11px ${FONT}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  if (words && ctx.measureText(words).width < right - left - 8) ctx.fillText(words, (left + right) / 2, frame.top + 6);
  ctx.restore();
}

export const FONT = "Inter Variable, sans-serif";

function hatch(ctx, left, right, { top, bottom }) {
  const height = bottom - top;
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  for (let x = left - height - ((left - height) % 8); x < right; x += 8) {
    ctx.moveTo(x, bottom);
    ctx.lineTo(x + height, top);
  }
  ctx.stroke();
}

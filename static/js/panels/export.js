// What leaves the page as a file: pictures, rows as CSV.

const SCALE = 2;
const HEAD = 44;
const FONT = "Inter Variable, sans-serif";

// Rows {t, …} as RFC 4180: times in ISO 8601 with their zone, an unknown value empty.
export function csv(columns, rows, { name = "time (UTC)", timeText = iso } = {}) {
  const lines = rows.map((row) => [timeText(row.t), ...columns.map(({ column }) => row[column])].map(cell).join(","));
  return [[name, ...columns.map(({ label }) => label)].map(cell).join(","), ...lines, ""].join("\r\n");
}

function iso(ms) {
  return new Date(ms).toISOString();
}

function cell(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "";
  const text = String(value);
  // A text that a spreadsheet would take for a formula is given as text
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

// The chart drawn at twice its size on the colour of its panel, with title, range and legend above it.
export async function picture({ chart, canvas }, { title, note, legend, tone }) {
  const { width, height } = canvas.getBoundingClientRect();
  const sheet = document.createElement("canvas");
  sheet.width = Math.round(width * SCALE);
  sheet.height = Math.round((height + HEAD) * SCALE);
  const pen = sheet.getContext("2d");
  pen.fillStyle = tone.surface;
  pen.fillRect(0, 0, sheet.width, sheet.height);
  atScale(chart, () => pen.drawImage(canvas, 0, HEAD * SCALE, sheet.width, height * SCALE));
  pen.scale(SCALE, SCALE);
  pen.fillStyle = tone.text;
  pen.font = `600 13px ${FONT}`;
  pen.fillText(title, 12, 18, width - 24);
  pen.fillStyle = tone["text-muted"];
  pen.font = `11px ${FONT}`;
  pen.fillText(note, 12, 36, width * 0.6);
  drawLegend(pen, legend, width, tone);
  return new Promise((resolve) => sheet.toBlob(resolve, "image/png"));
}

function drawLegend(pen, legend, width, tone) {
  let right = width - 12;
  for (const { label, colour, dash } of [...legend].reverse()) {
    const size = pen.measureText(label).width;
    pen.fillStyle = tone["text-muted"];
    pen.fillText(label, right - size, 36);
    pen.strokeStyle = colour;
    pen.lineWidth = 2;
    pen.setLineDash(dash ?? []);
    pen.beginPath();
    pen.moveTo(right - size - 24, 32);
    pen.lineTo(right - size - 6, 32);
    pen.stroke();
    pen.setLineDash([]);
    right -= size + 36;
  }
}

function atScale({ chart }, use) {
  const before = chart.options.devicePixelRatio;
  const draw = (ratio) => {
    chart.options.devicePixelRatio = ratio;
    chart.resize();
    chart.update("none");
  };
  draw(SCALE);
  use();
  draw(before);
}

export function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

// A name for a file: what every file system takes.
export function fileName(...parts) {
  return parts.filter(Boolean).join("-").replaceAll(/[^\p{L}\p{N}.-]+/gu, "_");
}

// A time in a file's name.
export function stampOf(ms) {
  return new Date(ms).toISOString().slice(0, 19).replaceAll(":", "") + "Z";
}

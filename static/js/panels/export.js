// What leaves the page: pictures, rows as CSV, text in the clipboard.

const SCALE = 2;
const HEAD = 34;

// columns: [{name, values}] of equal length. RFC 4180; an unknown value is empty.
export function csv(columns) {
  const rows = columns[0].values.map((_, row) => columns.map(({ values }) => cell(values[row])).join(","));
  return [columns.map(({ name }) => cell(name)).join(","), ...rows, ""].join("\r\n");
}

function cell(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "";
  const text = String(value);
  // A text that a spreadsheet would take for a formula is given as text
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

// The chart at twice its size, on the colour of its panel, with its title and what it shows written above.
export async function picture(canvas, { title, note, tone }) {
  const { width, height } = canvas.getBoundingClientRect();
  const sheet = document.createElement("canvas");
  sheet.width = width * SCALE;
  sheet.height = (height + HEAD) * SCALE;
  const pen = sheet.getContext("2d");
  pen.scale(SCALE, SCALE);
  pen.fillStyle = tone.surface;
  pen.fillRect(0, 0, width, height + HEAD);
  pen.fillStyle = tone.text;
  pen.font = "600 13px Inter Variable, sans-serif";
  pen.fillText(title, 10, 16);
  pen.fillStyle = tone["text-muted"];
  pen.font = "11px Inter Variable, sans-serif";
  pen.fillText(note, 10, 31, width - 20);
  pen.drawImage(canvas, 0, HEAD, width, height);
  return new Promise((resolve) => sheet.toBlob(resolve, "image/png"));
}

export function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

// A name for a file: what a file system takes.
export function fileName(...parts) {
  return parts.join("-").replaceAll(/[^\p{L}\p{N}.-]+/gu, "_");
}

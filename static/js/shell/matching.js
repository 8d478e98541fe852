// Which texts a typed query means, how well, and which letters to mark. Pure.

export function words(query) {
  return query.toLowerCase().split(/[\s~/,|+]+/).filter(Boolean);
}

// Null when a word is missing; more when words begin parts of the text, and early ones.
export function score(text, query) {
  const low = text.toLowerCase();
  let sum = 0;
  for (const word of words(query)) {
    const at = low.indexOf(word);
    if (at < 0) return null;
    const isStart = at === 0 || !/[\p{L}\p{N}]/u.test(low[at - 1]);
    sum += (isStart ? 10 : 1) + 1 / (1 + at);
  }
  return sum;
}

// Those that match label or hint, best first; equal ones stay in their order.
export function matching(items, query) {
  if (!words(query).length) return [...items];
  return items
    .map((item, index) => ({ item, index, rank: rank(item, query) }))
    .filter(({ rank }) => rank !== null)
    .sort((a, b) => b.rank - a.rank || a.index - b.index)
    .map(({ item }) => item);
}

function rank({ label, hint = "" }, query) {
  const own = score(label, query);
  if (own !== null) return own + 1_000;
  return score(`${label} ${hint}`, query);
}

// The text in pieces: [{ text, isMatch }].
export function pieces(text, query) {
  const marks = marksOf(text.toLowerCase(), words(query));
  const parts = [];
  let at = 0;
  for (const [start, end] of marks) {
    if (start > at) parts.push({ text: text.slice(at, start), isMatch: false });
    parts.push({ text: text.slice(start, end), isMatch: true });
    at = end;
  }
  if (at < text.length) parts.push({ text: text.slice(at), isMatch: false });
  return parts;
}

function marksOf(low, sought) {
  const found = sought.map((word) => [low.indexOf(word), word.length]).filter(([at]) => at >= 0);
  const ranges = found.map(([at, length]) => [at, at + length]).sort((a, b) => a[0] - b[0]);
  const merged = [];
  for (const [start, end] of ranges) {
    const last = merged.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}

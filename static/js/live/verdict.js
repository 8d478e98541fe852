// What a frame is to somebody who has heard the topic up to frame `seq`: "applied", "ignored" (old news) or "gap"
// (something is missing before it).
export function judge(seq, frame) {
  if (frame.kind === "snapshot") return "applied";
  if (seq === null) return "gap";
  if (frame.seq < seq || (frame.seq === seq && frame.prev !== seq)) return "ignored";
  return frame.prev !== null && frame.prev <= seq ? "applied" : "gap";
}

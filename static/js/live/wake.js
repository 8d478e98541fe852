// Calls back when the page may have slept: shown again, thawed, back online, or its timers stood still.

const BEAT_MS = 2_000;
// Hidden tabs have their timers slowed to one a minute; that is no sleep
const MISSED_MS = 90_000;

export function mountWake(onWake, { page = document, view = window, timers = globalThis, now = Date.now } = {}) {
  let beatAt = now();

  function beat() {
    const passed = now() - beatAt;
    beatAt = now();
    if (passed > MISSED_MS) onWake();
  }

  function shown() {
    if (!page.hidden) onWake();
  }

  const timer = timers.setInterval(beat, BEAT_MS);
  const listeners = [[page, "visibilitychange", shown], [page, "resume", onWake], [view, "online", onWake]];
  for (const [target, type, listener] of listeners) target.addEventListener(type, listener);
  return () => {
    timers.clearInterval(timer);
    for (const [target, type, listener] of listeners) target.removeEventListener(type, listener);
  };
}

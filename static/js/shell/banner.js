// What no page may hide: the market is simulated, the feed is paused or blocked.

import { setText } from "../lib/dom.js";

export function showFeed(root, feed) {
  const blocked = feed.connections?.find((connection) => connection.state === "blocked");
  show(root, "simulated", feed.venue === "simulated", feed.reason);
  show(root, "paused", feed.is_paused);
  show(root, "blocked", Boolean(blocked), blocked?.reason);
}

function show(root, name, isOn, reason = "") {
  const banner = root.querySelector(`[data-banner="${name}"]`);
  const place = banner.querySelector("[data-banner-reason]");
  if (place && isOn) setText(place, reason ?? "");
  if (banner.hidden === isOn) banner.hidden = !isOn;
}

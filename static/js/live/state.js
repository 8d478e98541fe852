// The one word of the connection pill, from what the page knows. Stale never looks live.

export function connectionState({ socket, isOnline, isPaused, isStale, now }) {
  if (!isOnline) return { state: "offline", word: "Offline" };
  if (socket.name === "ended") return { state: "offline", word: "Ended" };
  if (socket.name === "signed-out") return { state: "offline", word: "Signed out" };
  if (socket.name === "waiting") {
    const seconds = Math.max(0, Math.ceil((socket.retryAt - now) / 1000));
    return { state: "reconnecting", word: seconds ? `Reconnecting in ${seconds} s` : "Reconnecting" };
  }
  if (socket.name === "connecting") {
    return socket.wasOpen ? { state: "reconnecting", word: "Reconnecting" } : { state: "connecting", word: "Connecting" };
  }
  if (isPaused) return { state: "paused", word: "Paused" };
  return isStale ? { state: "stale", word: "Stale" } : { state: "live", word: "Live" };
}

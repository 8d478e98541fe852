// One pair, live: what arrives goes into stores, one animation frame paints all of it.

import { ServerClock } from "../lib/clock.js";
import { setText } from "../lib/dom.js";
import { socketPath } from "../lib/reader.js";
import { TimeFormat } from "../charts/time_axis.js";
import { Painter } from "../live/painter.js";
import { connectionState } from "../live/state.js";
import { BarStore, LatestStore, SpecStore } from "../live/store.js";
import { LiveTopics } from "../live/topics.js";
import { mountWake } from "../live/wake.js";
import { mountPanels } from "../panels/panels.js";
import { showFeed } from "../shell/banner.js";
import { mountPill } from "../shell/pill.js";
import { hear } from "../shell/version.js";
import { ViewState } from "../view/view_state.js";
import { mountAges } from "./ages.js";
import { mountFigures } from "./cards.js";
import { mountCheck } from "./check.js";
import { figures } from "./figures.js";
import { fitFacts } from "./fit_facts.js";
import { Health } from "./health.js";
import { mountLegs } from "./legs.js";
import { mountNotes } from "./notes.js";
import { readings } from "./readings.js";
import { mountReport } from "./report.js";
import { mountSettings } from "./settings.js";
import { mountSuggestion } from "./suggestion.js";
import { mountWatchlist } from "./watchlist.js";

const TICK_MS = 1_000;
const MINUTE = 60_000;

// Returns what the page knows of its pair, and how to end it. `page.topic` is known (opening.js).
export function mountDashboard(root, page) {
  const time = new TimeFormat(page.zone);
  const clock = new ServerClock();
  clock.observe(page.now_ms);
  const store = new SpecStore();
  const view = new ViewState(page);
  const health = new Health(page);
  const status = { socket: { name: "connecting", wasOpen: false }, isPaused: false, isStale: false, areChartsDue: true };
  const notice = root.querySelector("#notice");

  const cards = mountFigures(root, "card");
  const metrics = mountFigures(root, "metric");
  const facts = mountFigures(root, "fact");
  const report = mountReport(root, { time });
  const check = mountCheck(root.querySelector("#check"), page, { time });
  const ages = mountAges(root, { step: page.step, time });
  const legs = mountLegs(root, page, { time });
  // Who only reads has no settings to change
  const settings = root.querySelector("#settings");
  const suggestion = settings && mountSuggestion(settings);
  const painter = new Painter(paint);
  const pill = mountPill(root.querySelector("#pill"), root.querySelector("#pill-speech"), { onNow });
  const live = new LiveTopics(address(socketPath()), { onState, onFrame });
  const request = () => painter.request();
  live.add(page.topic, { store, onChange: arrived, onProblem: trouble });
  const prices = { y: live.add(page.y.topic, { onChange: request }), x: live.add(page.x.topic, { onChange: request }) };
  const bars = { y: live.add(page.bars.y, { store: new BarStore(), onChange: chartsDue }), x: live.add(page.bars.x, { store: new BarStore(), onChange: chartsDue }) };
  const funding = { y: live.add(page.funding.y, { onChange: request }), x: live.add(page.funding.x, { onChange: request }) };
  const sources = { spec: store, bars, prices };
  const charts = mountPanels(root, { page, view, time, sources, clock });
  // A public link shows one view; how the feed stands is told to users
  const feed = page.secret ? new LatestStore() : live.add("feed", { onChange: feedChanged });
  const watchRows = root.querySelector("#watch-data");
  const watchlist = watchRows && mountWatchlist(root, JSON.parse(watchRows.textContent), { live, clock, onChange: request });
  const notes = root.querySelector("#notes");
  const undo = [settings && mountSettings(root, page, { view, onLeave: clear }), notes && mountNotes(notes), mountWake(wake)];

  // A price moves its card only; drawing the charts is dear and waits for a bar.
  function paint() {
    if (status.areChartsDue) {
      status.areChartsDue = false;
      metrics.paint(readings({ store, page }));
      facts.paint(fitFacts({ store, page, time }));
      report.paint(store.report);
      suggestion?.paint(store.report);
      check.paint(store.report);
    }
    charts.paint({ isStale: status.isStale });
    tick();
  }

  function chartsDue() {
    status.areChartsDue = true;
    painter.request();
  }

  function tick() {
    if (document.hidden) return;
    const now = clock.now();
    const shown = figures({ store, prices, bars, funding, page, view: view.get(), now });
    const isLate = ages.paint(store.at, now);
    cards.paint(shown);
    watchlist?.paint();
    // The next long bar may be an hour away: prices tell earlier that nothing comes
    const arePricesLate = page.step >= MINUTE && shown.price_y.isStale && shown.price_x.isStale;
    const isStale = store.at === null ? !isFresh(shown.price_y) && !isFresh(shown.price_x) : isLate || arePricesLate;
    if (isStale !== status.isStale) {
      status.isStale = isStale;
      chartsDue();
    }
    const state = connectionState({ ...status, isOnline: navigator.onLine, isStale, now: Date.now() });
    pill.paint({ ...state, details: health.details({ store, feed: feed.data, clock, now }) }, Date.now());
  }

  // A public link that was revoked or ran out: said once, and not asked for again.
  function end() {
    live.close();
    status.socket = { name: "ended" };
    setText(notice, goneWords(page));
    notice.hidden = false;
    tick();
  }

  function onNow() {
    if (status.socket.name === "signed-out") askToLogIn();
    else live.retryNow();
  }

  function onState(socket) {
    if (page.secret && socket.name === "signed-out") return end();
    const wasOpen = status.socket.wasOpen || socket.name === "open" || socket.name === "waiting";
    status.socket = { ...socket, wasOpen };
    if (socket.name === "signed-out") askToLogIn();
    return tick();
  }

  function onFrame(frame) {
    if (frame.kind === "pong") {
      clock.observe(frame.data.server_ms);
      health.answered(frame.data, Date.now());
      hear(frame.data.version);
    } else if (frame.kind === "delta") {
      clock.observe(frame.data.hops?.published_ms ?? frame.data.published_ms);
    }
  }

  function arrived() {
    notice.hidden = true;
    chartsDue();
  }

  function feedChanged() {
    status.isPaused = feed.data.is_paused;
    showFeed(root.querySelector("#feed-banners"), feed.data);
    legs.paint(feed.data);
    tick();
  }

  function trouble({ kind, status: code, what }) {
    const isGone = kind === "gone" || code === 404;
    setText(notice, isGone ? goneWords(page) : `${what ?? "The data could not be fetched."} Trying again by itself.`);
    notice.hidden = false;
    if (isGone && page.secret) end();
    chartsDue();
  }

  // Numbers of the old settings must not stand under the new ones while the next page loads.
  function clear() {
    live.close();
    store.clear();
    status.areChartsDue = true;
    paint();
  }

  function wake() {
    live.check();
    painter.request();
  }

  const themed = () => {
    charts.restyle();
    check.restyle();
    chartsDue();
  };
  const back = () => live.reopen();
  const timer = setInterval(tick, TICK_MS);
  window.addEventListener("offline", tick);
  document.addEventListener("themechange", themed);
  document.addEventListener("loginback", back);
  live.open(page.topic);

  function unmount() {
    clearInterval(timer);
    window.removeEventListener("offline", tick);
    document.removeEventListener("themechange", themed);
    document.removeEventListener("loginback", back);
    live.close();
    painter.stop();
    [charts, check, pill, cards, watchlist, suggestion, view].forEach((part) => part?.unmount());
    undo.forEach((undoing) => undoing?.());
  }

  return { store, view, unmount };
}

function goneWords(page) {
  if (page.secret) return "This link has ended: its owner revoked it, changed the pair, or its time is over. Nothing here is live any more.";
  if (page.isReadOnly) return "This pair is no longer shared with you in this form. What is shared with you stands under Shared.";
  return "This pair was changed or removed elsewhere. Reload the page to see your list.";
}

// shell/relogin.js hears it, and says `loginback`.
function askToLogIn() {
  document.dispatchEvent(new Event("loginlost"));
}

function isFresh(figure) {
  return figure.text !== "–" && !figure.isStale;
}

function address(path) {
  return new URL(path, location.href.replace(/^http/, "ws")).href;
}

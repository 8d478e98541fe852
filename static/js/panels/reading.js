// What the read-out row and the note beside the pointer say of the place of the crosshair.

import { decimalsOf } from "../lib/format.js";
import { candleAt } from "./bar_source.js";
import { writer } from "./definitions.js";
import { gapWords } from "./readout.js";

export function mountReading({ page, view, time, stage, readout, candles }) {
  let tipOf = null;

  function show({ mode, point, panel, x }) {
    const found = point ?? (stage.newest === null ? null : stage.at(stage.newest, { forming: null }));
    readout.show({ mode: point ? mode : "latest", point: found, candle: candleOf(found, panel), why: found?.isForming ? "forming" : "" });
    showTip(point?.gap ? panel : null, point, x);
  }

  // The bar of that time; who points at a merged candle reads that one.
  function candleOf(found, panel) {
    if (candles.element.hidden) return null;
    const { candles: leg } = view.get();
    const bar = found && stage.bars[leg].at(found.time);
    const drawn = found && (panel === candles || !bar) ? candleAt(stage.bars[leg].candles(stage.range()).candles, found.time) : null;
    const width = drawn?.span.width ?? page.step;
    return { ...(drawn ?? bar), words: page[leg].symbol, width, write: writer(decimalsOf(page[leg].tick)) };
  }

  function showTip(panel, point, x) {
    if (tipOf && tipOf !== panel) tipOf.overlay.tip("");
    tipOf = panel;
    tipOf?.overlay.tip(gapWords(point.gap, time), x);
  }

  return { show };
}

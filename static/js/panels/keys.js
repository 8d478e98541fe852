// Keys of a chart that has the focus: the crosshair point by point, the range by zoom.

// act: {step(by), end(isLast), zoom(factor)}; an act that is missing leaves its keys alone.
export function mountKeys(box, act) {
  const actions = {
    ArrowLeft: ({ shiftKey }) => act.step(shiftKey ? -10 : -1),
    ArrowRight: ({ shiftKey }) => act.step(shiftKey ? 10 : 1),
    Home: () => act.end(false),
    End: () => act.end(true),
    ...(act.zoom && { "+": () => act.zoom(0.5), "=": () => act.zoom(0.5), "-": () => act.zoom(2), "\u2212": () => act.zoom(2) }),
  };

  function press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== box || !(event.key in actions)) return;
    event.preventDefault();
    event.stopPropagation();
    actions[event.key](event);
  }

  box.addEventListener("keydown", press);
  return () => box.removeEventListener("keydown", press);
}

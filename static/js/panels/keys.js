// Keys of a chart that has the focus: the crosshair by points, the range by zoom.

export function mountKeys(box, { step, edge, zoom }) {
  const actions = {
    ArrowLeft: (event) => step(event.shiftKey ? -10 : -1),
    ArrowRight: (event) => step(event.shiftKey ? 10 : 1),
    Home: () => edge("first"),
    End: () => edge("last"),
    "+": () => zoom(0.5),
    "=": () => zoom(0.5),
    "-": () => zoom(2),
    "−": () => zoom(2),
  };

  function press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== box) return;
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    action(event);
  }

  box.addEventListener("keydown", press);
  return () => box.removeEventListener("keydown", press);
}

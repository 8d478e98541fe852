// Colour tokens of the style sheet, resolved for canvas.

export function colours(names, element = document.documentElement) {
  const style = getComputedStyle(element);
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

// Text enters the page as text nodes only, and only where it changed.

export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function make(tag, { text = "", className = "", attributes = {} } = {}) {
  const element = document.createElement(tag);
  if (text) element.textContent = text;
  if (className) element.className = className;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

// Each element with data-module="name" gets modules[name]; returns what undoes it.
export function mountAll(modules, root = document) {
  const undo = [];
  for (const element of root.querySelectorAll("[data-module]")) {
    const mount = modules[element.dataset.module];
    if (mount) undo.push(mount(element));
  }
  return () => undo.forEach((unmount) => unmount());
}

// A field that is to be copied, with a button for it.

import { setText } from "../lib/dom.js";
import { copy } from "../lib/clipboard.js";

export function mount(element) {
  const field = element.querySelector("[data-copy-from]");
  const button = element.querySelector("[data-copy]");
  const said = element.querySelector("[data-copied]");

  async function press() {
    const isDone = await copy(field.value);
    field.select();
    setText(said, isDone ? "Copied." : "The browser did not allow copying. The address is selected: copy it by hand.");
  }

  button.hidden = false;
  button.addEventListener("click", press);
  return () => button.removeEventListener("click", press);
}

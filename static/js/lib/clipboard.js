// Text for the clipboard. Browsers allow it only while they handle a press, so nothing is waited for before it.

// True when the text is in the clipboard. Pages without https have no clipboard but this.
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "visually-hidden";
    document.body.append(field);
    field.select();
    const isDone = document.execCommand("copy");
    field.remove();
    return isDone;
  }
}

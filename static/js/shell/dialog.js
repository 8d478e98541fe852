// Dialogs: opened by buttons with data-open, closed by data-close, Esc or a click beside them. The focus goes back by itself.

export function openDialog(dialog) {
  for (const menu of document.querySelectorAll(":popover-open:not([popover=manual])")) menu.hidePopover();
  if (dialog.open) return;
  dialog.showModal();
  // Not `autofocus`: in a dialog that is closed the browser complains of it
  dialog.querySelector("[data-first]")?.focus();
}

export function mountDialogs(root = document) {
  function click(event) {
    const opener = event.target.closest?.("[data-open]");
    if (opener) openDialog(root.getElementById(opener.dataset.open));
    const dialog = event.target.closest?.("dialog");
    if (dialog && (event.target === dialog ? isBeside(event, dialog) : event.target.closest("[data-close]"))) dialog.close();
  }
  root.addEventListener("click", click);
  for (const element of root.querySelectorAll("[data-needs-script]")) element.hidden = false;
  return () => root.removeEventListener("click", click);
}

function isBeside(event, dialog) {
  const box = dialog.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}

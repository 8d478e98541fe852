// Every form is sent once, and the first refused field has the focus.

export function mountForms(root = document) {
  function once(event) {
    const form = event.target;
    if (event.defaultPrevented) return;
    if (form.dataset.isSent) event.preventDefault();
    form.dataset.isSent = "true";
  }
  function again() {
    for (const form of root.querySelectorAll("form[data-is-sent]")) delete form.dataset.isSent;
  }
  root.querySelector("[aria-invalid=true]:not(.styleguide *)")?.focus();
  root.addEventListener("submit", once);
  window.addEventListener("pageshow", again);
  return () => {
    root.removeEventListener("submit", once);
    window.removeEventListener("pageshow", again);
  };
}

// The login ended while the page is open: a dialog logs in again, and the page goes on with what it holds.
// Hears `loginlost` of whoever noticed; says `loginback` when the same user is logged in.

import { setText } from "../lib/dom.js";
import { openDialog } from "./dialog.js";

const AS_JSON = { Accept: "application/json" };

// The dialog is in the page only while it is open: no other form has fields of the same names then.
export function mount(template, { fetcher = fetch, page = location } = {}) {
  const { user, session, second } = template.dataset;
  let dialog = null;
  let token = "";

  async function lost() {
    if (dialog || (await look())) return;
    dialog = document.importNode(template.content, true).querySelector("dialog");
    dialog.addEventListener("submit", submit);
    document.body.append(dialog);
    openDialog(dialog);
    step("password").elements.password.focus();
  }

  // Is somebody logged in again, in another tab perhaps? Another user must not see this page.
  async function look() {
    const response = await fetcher(session, { cache: "no-store" }).catch(() => null);
    if (!response?.ok) return false;
    const told = await response.json();
    token = told.csrf;
    if (told.user === null) return false;
    if (String(told.user) === user) back();
    else page.reload();
    return true;
  }

  function back() {
    dialog?.remove();
    dialog = null;
    // The login made the tokens of all forms of this page worthless
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
    document.dispatchEvent(new Event("loginback"));
  }

  const step = (name) => dialog.querySelector(`[data-step="${name}"]`);

  async function submit(event) {
    event.preventDefault();
    const form = event.target;
    say("");
    const body = new URLSearchParams({ ...Object.fromEntries(new FormData(form)), csrfmiddlewaretoken: token });
    const response = await fetcher(form.action, { method: "POST", body, headers: AS_JSON }).catch(() => null);
    if (await look()) return;
    if (response?.ok && (await leadsToSecond(response, form))) askForCode();
    else say(words(response?.status, form.dataset.step));
  }

  async function leadsToSecond(response, form) {
    if (form.dataset.step !== "password") return false;
    const { location: target = "" } = await response.json().catch(() => ({}));
    return target.startsWith(second);
  }

  function askForCode() {
    step("password").hidden = true;
    step("code").hidden = false;
    step("code").elements.code.focus();
  }

  function say(text) {
    setText(dialog.querySelector("[data-relogin-error]"), text);
  }

  const seen = () => dialog && !document.hidden && look();
  const again = () => {
    if (dialog && !dialog.open) openDialog(dialog);
    else lost();
  };
  document.addEventListener("loginlost", again);
  document.addEventListener("visibilitychange", seen);
  window.addEventListener("focus", seen);
  return () => {
    document.removeEventListener("loginlost", again);
    document.removeEventListener("visibilitychange", seen);
    window.removeEventListener("focus", seen);
    dialog?.remove();
  };
}

function words(status, step) {
  if (!status) return "The server cannot be reached. Try again.";
  if (status === 429) return "Too many tries. Wait a while, then try again.";
  return step === "code" ? "This code is not right, or was used already." : "Name and password do not fit together, or there were too many tries.";
}

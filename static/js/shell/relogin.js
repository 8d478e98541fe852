// The login ended while the page is open: a dialog logs in again, and the page goes on with what it holds.
// Hears `loginlost` of whoever noticed; says `loginback` when the same user is logged in.

import { setText } from "../lib/dom.js";
import { openDialog } from "./dialog.js";

export const LOST = "loginlost";
export const BACK = "loginback";
const AS_JSON = { Accept: "application/json" };

export function mount(dialog, { fetcher = fetch, page = location } = {}) {
  const { user, session, second } = dialog.dataset;
  const problem = dialog.querySelector("[data-relogin-error]");
  const steps = new Map([...dialog.querySelectorAll("[data-step]")].map((form) => [form.dataset.step, form]));
  let token = "";
  let isLost = false;

  async function lost() {
    isLost = true;
    if (await look()) return;
    show("password");
    openDialog(dialog);
    steps.get("password").elements.password.focus();
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
    isLost = false;
    // The login made the tokens of all forms of this page worthless
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
    dialog.close();
    for (const form of steps.values()) form.reset();
    document.dispatchEvent(new Event(BACK));
  }

  function show(step) {
    setText(problem, "");
    for (const [name, form] of steps) form.hidden = name !== step;
  }

  async function submit(event) {
    event.preventDefault();
    const form = event.target;
    setText(problem, "");
    const body = new URLSearchParams({ ...Object.fromEntries(new FormData(form)), csrfmiddlewaretoken: token });
    const response = await fetcher(form.action, { method: "POST", body, headers: AS_JSON }).catch(() => null);
    if (await look()) return;
    if (response?.ok && (await leadsToSecond(response, form))) {
      show("code");
      steps.get("code").elements.code.focus();
    } else {
      setText(problem, words(response?.status, form.dataset.step));
    }
  }

  async function leadsToSecond(response, form) {
    if (form.dataset.step !== "password") return false;
    const { location: target = "" } = await response.json().catch(() => ({}));
    return target.startsWith(second);
  }

  const seen = () => isLost && !document.hidden && look();
  document.addEventListener(LOST, lost);
  document.addEventListener("visibilitychange", seen);
  window.addEventListener("focus", seen);
  dialog.addEventListener("submit", submit);
  return () => {
    document.removeEventListener(LOST, lost);
    document.removeEventListener("visibilitychange", seen);
    window.removeEventListener("focus", seen);
    dialog.removeEventListener("submit", submit);
  };
}

function words(status, step) {
  if (!status) return "The server cannot be reached. Try again.";
  if (status === 429) return "Too many tries. Wait a while, then try again.";
  return step === "code" ? "This code is not right, or was used already." : "Name and password do not fit together, or there were too many tries.";
}

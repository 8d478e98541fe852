// A form whose credential a passkey makes: a new one, or the proof of an old one.

import { setText } from "../lib/dom.js";
import { asJson, options } from "../lib/webauthn.js";

export function mount(form, { credentials = navigator.credentials, fetcher = fetch } = {}) {
  const button = form.querySelector("[data-passkey-start]");
  const problem = form.querySelector("[data-passkey-error]");

  async function start(event) {
    event.preventDefault();
    setText(problem, "");
    button.setAttribute("aria-busy", "true");
    try {
      form.elements.credential.value = JSON.stringify(asJson(await ask()));
      form.requestSubmit();
    } catch (error) {
      setText(problem, words(error));
    } finally {
      button.removeAttribute("aria-busy");
    }
  }

  async function ask() {
    if (form.dataset.passkey === "get") return credentials.get({ publicKey: options((await given()).request_options) });
    const publicKey = options((await given()).creation_options);
    if (form.elements.passwordless?.checked) {
      publicKey.authenticatorSelection = { ...publicKey.authenticatorSelection, residentKey: "required", requireResidentKey: true, userVerification: "required" };
    }
    return credentials.create({ publicKey });
  }

  // What the page brought, or what the server says now: the login page must not begin what nobody asked for.
  async function given() {
    if (form.dataset.options) return JSON.parse(document.getElementById(form.dataset.options).textContent);
    const response = await fetcher(form.dataset.url, { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(`The server answered ${response.status}. Try again later.`);
    return response.json();
  }

  if (!credentials) return () => {};
  button.disabled = false;
  button.addEventListener("click", start);
  return () => button.removeEventListener("click", start);
}

function words(error) {
  if (error.name === "NotAllowedError") return "No passkey was used: it was cancelled, took too long, or there is none for this site.";
  if (error.name === "InvalidStateError") return "This device has a passkey for your account already.";
  if (error.name === "SecurityError") return "Passkeys work on https and on localhost only.";
  return error.message;
}

// Passkeys speak in bytes, pages in JSON: both ways, as WebAuthn level 3 names it.

const INSIDE = ["rawId", "attestationObject", "authenticatorData", "clientDataJSON", "signature", "userHandle"];

export function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

export function text(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

// Options of the server with the bytes that the browser wants.
export function options({ publicKey }) {
  const known = (list) => list?.map((each) => ({ ...each, id: bytes(each.id) }));
  const ready = { ...publicKey, challenge: bytes(publicKey.challenge) };
  if (publicKey.user) ready.user = { ...publicKey.user, id: bytes(publicKey.user.id) };
  if (publicKey.allowCredentials) ready.allowCredentials = known(publicKey.allowCredentials);
  if (publicKey.excludeCredentials) ready.excludeCredentials = known(publicKey.excludeCredentials);
  return ready;
}

export function asJson(credential) {
  const response = {};
  for (const name of INSIDE) if (credential.response[name]) response[name] = text(credential.response[name]);
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

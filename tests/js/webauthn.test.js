import assert from "node:assert/strict";
import { test } from "node:test";

import { asJson, bytes, options, text } from "../../static/js/lib/webauthn.js";

test("bytes and text are each other's reverse, in the alphabet of addresses and without padding", () => {
  const all = Uint8Array.from({ length: 256 }, (_, index) => index);
  assert.deepEqual(bytes(text(all)), all);
  assert.equal(text(Uint8Array.of(251, 255)), "-_8");
  assert.deepEqual([...bytes("-_8")], [251, 255]);
});

test("options get bytes where the browser wants bytes, and keep the rest", () => {
  const ready = options({
    publicKey: { challenge: "AQI", rp: { id: "localhost" }, user: { id: "Aw", name: "alice" }, excludeCredentials: [{ id: "BA", type: "public-key" }] },
  });
  assert.deepEqual([...ready.challenge], [1, 2]);
  assert.deepEqual([...ready.user.id], [3]);
  assert.deepEqual([...ready.excludeCredentials[0].id], [4]);
  assert.equal(ready.excludeCredentials[0].type, "public-key");
  assert.deepEqual(ready.rp, { id: "localhost" });
  assert.equal("allowCredentials" in ready, false);
});

test("a credential is sent with all the parts it has", () => {
  const credential = {
    id: "AQ",
    rawId: Uint8Array.of(1).buffer,
    type: "public-key",
    authenticatorAttachment: "platform",
    response: { clientDataJSON: Uint8Array.of(2).buffer, signature: Uint8Array.of(3).buffer, userHandle: null },
    getClientExtensionResults: () => ({ credProps: { rk: true } }),
  };
  assert.deepEqual(asJson(credential), {
    id: "AQ",
    rawId: "AQ",
    type: "public-key",
    response: { clientDataJSON: "Ag", signature: "Aw" },
    authenticatorAttachment: "platform",
    clientExtensionResults: { credProps: { rk: true } },
  });
});

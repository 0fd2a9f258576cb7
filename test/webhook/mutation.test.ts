import { expect, test } from 'vitest';
import { bytes, cases, deliveryOf, nowMs, signed, unsigned } from './support.ts';

/** Every text that differs from `text` in one byte, in each of its 8 bits and by its loss. */
function* mutants(text: string): Generator<Uint8Array> {
  const original = bytes(text);
  for (let at = 0; at < original.length; at += 1) {
    for (let bit = 0; bit < 8; bit += 1) yield original.map((byte, index) => (index === at ? byte ^ (1 << bit) : byte));
    yield original.filter((_, index) => index !== at);
  }
}

test.each(cases)('No mutant of a delivery of $provider.name is accepted', (row) => {
  const { provider, secret, body } = row;
  const headers = signed(row, body);
  const accepted: string[] = [];
  let tried = 0;
  const attempt = (what: string, changed: Record<string, string>, changedBody: string | Uint8Array) => {
    tried += 1;
    if (provider.verify(deliveryOf(provider, changed, changedBody), secret, nowMs)) accepted.push(what);
  };

  for (const mutant of mutants(body)) attempt(`body ${mutant}`, headers, mutant);
  for (const [name, value] of Object.entries(headers).filter(([name]) => !unsigned.has(name))) {
    for (const mutant of mutants(value)) {
      const text = Buffer.from(mutant).toString('latin1');
      attempt(`${name}: ${text}`, { ...headers, [name]: text }, body);
    }
  }

  expect(accepted).toEqual([]);
  // The shortest signature is an HMAC-SHA1 in base64.
  expect(tried).toBeGreaterThanOrEqual(9 * (body.length + 28));
});

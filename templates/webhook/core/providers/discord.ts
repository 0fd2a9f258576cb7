import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { dateOf, identifier, idOfBody, parseObject, valueAt } from '../payload.js';
import { acknowledgement } from '../reply.js';
import { isFresh, unixSeconds } from '../signature.js';
import type { Provider } from '../types.js';

/** An interaction, or an event of the application, whose type is that of its `event`. */
export interface DiscordEvent {
  id?: string;
  type: number;
  token?: string;
  application_id: string;
  data?: Record<string, unknown>;
  event?: { type: string; timestamp: string; data?: Record<string, unknown> };
}

/** By their numbers, from 1. What an interaction is answered with says that the real answer follows. */
const interactions = [
  { type: 'PING', answer: { type: 1 } },
  { type: 'APPLICATION_COMMAND', answer: { type: 5 } },
  { type: 'MESSAGE_COMPONENT', answer: { type: 6 } },
  { type: 'APPLICATION_COMMAND_AUTOCOMPLETE', answer: { type: 8, data: { choices: [] } } },
  { type: 'MODAL_SUBMIT', answer: { type: 5 } },
];

/**
 * X-Signature-Ed25519: <hex>, over X-Signature-Timestamp and the body; what is configured is the application's public key.
 * An interaction waits 3 seconds, and its real answer can only come after this one: from a job, with the interaction's token.
 */
export const discord: Provider = {
  name: 'discord',
  maxBytes: 1024 * 1024,
  secretVariable: 'DISCORD_PUBLIC_KEY',

  verify({ header, body }, publicKey, nowMs) {
    const [timestamp, signature] = [header('x-signature-timestamp'), header('x-signature-ed25519') ?? ''];
    if (!isFresh(timestamp, nowMs) || !/^[0-9a-f]{128}$/.test(signature) || !isKey(publicKey)) return false;
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: base64url(publicKey) }, format: 'jwk' });
    return verify(null, Buffer.concat([Buffer.from(timestamp), body]), key, Buffer.from(signature, 'hex'));
  },

  read({ body }) {
    const payload = parseObject(body);
    const { id, type } = payload;
    const interaction = 'id' in payload ? interactions[Number(type) - 1] : undefined;
    return {
      id: identifier(id ?? idOfBody(body), 'id'),
      type: identifier(valueAt(payload, 'event.type') ?? interaction?.type ?? type, 'type'),
      occurredAt: dateOf(valueAt(payload, 'event.timestamp')),
      payload,
    };
  },

  /** With the private key, in hex: only a test has one. */
  sign(body, privateKey, nowMs) {
    const timestamp = String(unixSeconds(nowMs));
    const der = Buffer.from(`302e020100300506032b657004220420${privateKey}`, 'hex');
    const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    const signature = sign(null, Buffer.from(timestamp + body), key).toString('hex');
    return { 'x-signature-timestamp': timestamp, 'x-signature-ed25519': signature };
  },

  acknowledge({ type }) {
    const answer = interactions.find((interaction) => interaction.type === type)?.answer;
    return answer ? acknowledgement(JSON.stringify(answer), 'application/json') : acknowledgement('', '', 204);
  },
};

/** Not 0 or 1, which are points on the curve: with them for a key, anybody can sign. */
const isKey = (hex: string): boolean => /^[0-9a-f]{64}$/.test(hex) && !/^0[01]0*$/.test(hex);

const base64url = (hex: string): string => Buffer.from(hex, 'hex').toString('base64url');

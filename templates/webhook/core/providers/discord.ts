import { dateOf, identifier, idOfBody, parseObject, valueAt } from '../payload.js';
import { acknowledgement } from '../reply.js';
import { isSigned, signatureOf } from '../schemes/ed25519.js';
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
    const timestamp = header('x-signature-timestamp');
    return isFresh(timestamp, nowMs) && isSigned(publicKey, header('x-signature-ed25519') ?? '', timestamp, body);
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
    return { 'x-signature-timestamp': timestamp, 'x-signature-ed25519': signatureOf(privateKey, timestamp + body) };
  },

  acknowledge({ type }) {
    const answer = interactions.find((interaction) => interaction.type === type)?.answer;
    return answer ? acknowledgement(JSON.stringify(answer), 'application/json') : acknowledgement('', '', 204);
  },
};

import { signatureListScheme } from '../schemes/signature-list.js';

export interface PaddleEvent {
  event_id: string;
  event_type: string;
  occurred_at: string;
  notification_id: string;
  data: Record<string, unknown>;
}

/** Paddle-Signature: ts=<seconds>;h1=<hex>, with one more h1 while a secret is being rotated. Paddle waits 5 seconds. */
export const paddle = signatureListScheme({
  name: 'paddle',
  secretVariable: 'PADDLE_WEBHOOK_SECRET',
  header: 'paddle-signature',
  separator: ';',
  fields: { time: 'ts=', signature: 'h1=' },
  joint: ':',
  event: { id: 'event_id', type: 'event_type', occurredAt: 'occurred_at' },
});

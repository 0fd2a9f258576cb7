import { standardWebhooksScheme } from '../schemes/standard-webhooks.js';

/** The prediction as it stands: its status is the event's type. */
export interface ReplicateEvent {
  id: string;
  status: 'starting' | 'processing' | 'succeeded' | 'failed' | 'canceled' | 'aborted';
  input: Record<string, unknown>;
  output: unknown;
  error: string | null;
}

export const replicate = standardWebhooksScheme({
  name: 'replicate',
  secretVariable: 'REPLICATE_WEBHOOK_SECRET',
  typeOf: ({ status }) => status,
});

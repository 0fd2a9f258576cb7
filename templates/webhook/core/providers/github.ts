import { isForm, parseForm } from '../form.js';
import { identifier, parseObject } from '../payload.js';
import { equal, hmac } from '../signature.js';
import type { Provider } from '../types.js';

/** What most events of GitHub have; the `@octokit/webhooks-types` package knows each type. */
export interface GithubEvent {
  action?: string;
  sender: { id: number; login: string };
  repository?: { id: number; full_name: string };
  organization?: { id: number; login: string };
  installation?: { id: number };
}

/**
 * X-Hub-Signature-256: sha256=<hex>, over the body alone: not over X-GitHub-Delivery, by which an event is known, nor over
 * X-GitHub-Event. A delivery that leaks can come again as another one; there is no time in it either.
 * GitHub waits 10 seconds, and sends a failed delivery again only by hand or through its API.
 */
export const github: Provider = {
  name: 'github',
  maxBytes: 25 * 1024 * 1024,
  secretVariable: 'GITHUB_WEBHOOK_SECRET',

  verify({ header, body }, secret) {
    return equal(`sha256=${hmac('sha256', secret, 'hex', [body])}`, header('x-hub-signature-256') ?? '');
  },

  read({ header, body }) {
    return {
      id: identifier(header('x-github-delivery'), 'id'),
      type: identifier(header('x-github-event'), 'type'),
      occurredAt: null,
      payload: parseObject(isForm(header('content-type')) ? (parseForm(body).get('payload') ?? '') : body),
    };
  },

  sign(body, secret, _nowMs, { id, type }) {
    const signature = `sha256=${hmac('sha256', secret, 'hex', [body])}`;
    return { 'x-hub-signature-256': signature, 'x-github-delivery': id, 'x-github-event': type };
  },
};

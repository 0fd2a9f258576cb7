import type { Handlers } from '../core/events.js';
import type { GithubEvent } from '../core/providers/github.js';

export const githubHandlers: Handlers<GithubEvent> = {
  push: ({ payload }) => {
    console.info('Push to', payload.repository?.full_name, 'by', payload.sender.login);
  },
  pull_request: ({ payload }) => {
    console.info('Pull request', payload.action, 'in', payload.repository?.full_name);
  },
};

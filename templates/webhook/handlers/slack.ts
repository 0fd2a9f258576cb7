import type { Handlers } from '../core/events.js';
import type { SlackEvent } from '../core/providers/slack.js';

export const slackHandlers: Handlers<SlackEvent> = {
  app_mention: ({ id, payload }) => {
    console.info('Mentioned in', payload.team_id, id);
  },
  // A slash command by its name. Slack gets an empty answer: post yours to payload.response_url.
  '/hello': ({ payload }) => {
    console.info('Asked for', payload.text);
  },
};

import type { Handlers } from '../core/events.js';
import type { DiscordEvent } from '../core/providers/discord.js';

export const discordHandlers: Handlers<DiscordEvent> = {
  // Discord is told that the answer follows, and only when this is done: give payload.token to a job that sends it.
  APPLICATION_COMMAND: ({ id }) => {
    console.info('Command', id);
  },
  ENTITLEMENT_CREATE: ({ id }) => {
    console.info('Entitlement event', id);
  },
};

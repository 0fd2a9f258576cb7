import type { Handlers } from '../core/events.js';
import type { SupabaseEvent } from '../core/providers/supabase.js';

export const supabaseHandlers: Handlers<SupabaseEvent> = {
  // Throws until it sends the mail: answering 200 without one would lose it.
  send_email: () => {
    throw new Error('No mail is sent yet: do it in this handler.');
  },
};

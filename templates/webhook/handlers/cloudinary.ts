import type { Handlers } from '../core/events.js';
import type { CloudinaryEvent } from '../core/providers/cloudinary.js';

export const cloudinaryHandlers: Handlers<CloudinaryEvent> = {
  upload: ({ payload }) => {
    console.info('Uploaded', payload.public_id);
  },
};

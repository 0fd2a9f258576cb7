import { type Pong, pong } from '../pong.js';

export const long = (now: Date): Pong => pong(`pong, at ${now.toISOString()}`);

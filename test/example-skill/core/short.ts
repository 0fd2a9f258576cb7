import { type Pong, pong } from '../pong.js';

export const short = (): Pong => pong('pong');

export interface Pong {
  readonly text: string;
}

/** The answer to a ping. */
export const pong = (text: string): Pong => ({ text });

/**
 * What an expression may hold, from harmless to the client's own words:
 * `constant` is written in the source · `plain` is a number, a boolean or a length · `unknown` comes from anywhere ·
 * `checked` is the client's and has been through a schema · `request` is the client's as it was sent.
 */
export type Taint = 'constant' | 'plain' | 'unknown' | 'checked' | 'request';

const ranks: readonly Taint[] = ['constant', 'plain', 'unknown', 'checked', 'request'];

export const worse = (a: Taint, b: Taint): Taint => (ranks.indexOf(a) >= ranks.indexOf(b) ? a : b);

export const worst = (all: readonly Taint[]): Taint => all.reduce(worse, 'constant');

/** True for what the client sent, checked or not. */
export const isSent = (taint: Taint): boolean => taint === 'request' || taint === 'checked';

import type { Action } from './store.js';
import type { Policy } from './types.js';

/**
 * The arithmetic of `usage.ts` where Redis keeps the numbers: change them together. A script for each action and row of kinds,
 * so that it holds no more than what is done; `$` stands for a policy's place in the row.
 * KEYS: a counter for each policy, and last the receipt, where there is one. ARGV: three numbers for each policy.
 * Answers the time and, for each policy, whether it admits (1 or 0), what is used, and what was used in the window before.
 */
export function limitLua(action: Action, kinds: readonly Policy['kind'][], hasReceipt: boolean): string {
  const each = (part: (kind: Policy['kind']) => string): string =>
    kinds.map((kind, index) => part(kind).replaceAll('$', String(index + 1))).join('');
  const receipt = `KEYS[${kinds.length + 1}]`;
  const used = each((kind) => `, fits$ and 1 or 0, used$, ${kind === 'window' ? 'before$' : 0}`);
  return `
local ceil, format, sub = math.ceil, string.format, string.sub
local clock = redis.call('time')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local paid = ${hasReceipt ? `redis.call('exists', ${receipt}) == 1` : 'false'}
${each((kind) => numbers + (action === 'reset' ? '' : read[kind]) + fits[kind])}
local admitted = true${each(() => ' and fits$')}
${each((kind) => change(action, kind, hasReceipt) + (action === 'peek' ? '' : write(action, kind)))}
${hasReceipt && action === 'take' ? `if admitted then redis.call('set', ${receipt}, '1', 'px', ${day}) end` : ''}
${hasReceipt && action === 'refund' ? `redis.call('del', ${receipt})` : ''}
return { now${used} }`;
}

const day = 86_400_000;

/** `size$` is a bucket's capacity, a window's length, or the end of a quota's period. */
const numbers = `
local limit$, size$, price$ = ARGV[3 * $ - 2] + 0, ARGV[3 * $ - 1] + 0, ARGV[3 * $] + 0
local value$, used$, before$, stale$ = false, 0, 0, false`;

/** What is left of a usage now. The first 13 characters of a rate's counter are its time, in milliseconds. */
const read: Readonly<Record<Policy['kind'], string>> = {
  bucket: `
value$ = redis.call('get', KEYS[$])
if value$ then
  local age = now - sub(value$, 1, 13)
  used$, stale$ = sub(value$, 14) + 0, age < 0
  if used$ > size$ then used$ = size$ end
  if age > 0 then used$ = used$ - age * limit$ end
  if used$ < 0 then used$ = 0 end
end`,
  window: `
value$ = redis.call('get', KEYS[$])
if value$ then
  local age = now - now % size$ - sub(value$, 1, 13)
  used$, before$, stale$ = sub(value$, 14, 29) + 0, sub(value$, 30) + 0, age < 0
  if used$ > limit$ then used$ = limit$ end
  if before$ > limit$ then before$ = limit$ end
  if age == size$ then used$, before$ = 0, used$ elseif age > size$ then used$, before$ = 0, 0 end
end`,
  quota: `
used$ = (redis.call('get', KEYS[$]) or 0) + 0`,
};

const fits: Readonly<Record<Policy['kind'], string>> = {
  bucket: `
local fits$ = used$ + price$ <= size$`,
  window: `
local fits$ = before$ * (size$ - now % size$) <= (limit$ - used$ - price$) * size$`,
  quota: `
local fits$ = paid or used$ + price$ <= limit$`,
};

/** Sets what is used, and whether it must be written. */
function change(action: Action, kind: Policy['kind'], hasReceipt: boolean): string {
  const isPaid = kind === 'quota' ? 'paid' : 'false';
  if (action === 'take')
    return `
if price$ == 0 or not admitted or ${isPaid} then price$ = 0 else used$ = used$ + price$ end`;
  if (action !== 'refund') return '';
  return `
if ${hasReceipt && kind === 'quota' ? 'not paid' : 'false'} then price$ = 0 end
used$ = used$ > price$ and used$ - price$ or 0`;
}

const values: Readonly<Record<Policy['kind'], { text: string; life: string }>> = {
  bucket: { text: `format('%013d%d', now, used$)`, life: 'ceil(used$ / limit$)' },
  window: {
    text: `format('%013d%016d%d', now - now % size$, used$, before$)`,
    life: '(used$ > 0 and 2 or 1) * size$ - now % size$',
  },
  // A day longer: by another clock its period may not be over.
  quota: { text: `format('%d', used$)`, life: `math.max(1, size$ - now) + ${day}` },
};

function write(action: Action, kind: Policy['kind']): string {
  if (action === 'reset')
    return `
redis.call('del', KEYS[$])`;
  const { text, life } = values[kind];
  const set = `redis.call('set', KEYS[$], ${text}, 'px', ${life})`;
  return `
if price$ > 0 and used$ + before$ == 0 then redis.call('del', KEYS[$])
elseif price$ > 0 or stale$ and used$ + before$ > 0 then ${set} end`;
}

import { type Syntax, stringValue, unwrap } from '../../../text/syntax.ts';
import { isFixed, isThereBefore, shapeOf } from '../../calls/cache-keys.ts';
import { isOfClock } from '../../calls/clock.ts';
import { type CallSyntax, calledName } from '../../calls/waits.ts';
import { bindingOf } from '../../code/names.ts';
import { optionsIn } from '../../code/options.ts';
import { originOf } from '../../code/origin.ts';
import { majorOf, rangeAt } from '../../code/packages.ts';
import { everyNode, everyOf, functionAround, type Source } from '../../code/source.ts';
import { nameOf } from '../../queries/queries.ts';
import { handlerAround } from '../../routes/roles.ts';
import { defineRule, type Tell } from '../../rule.ts';
import { type At, atNode } from '../../spot.ts';

const redis =
  /^(ioredis#(default|Redis|Cluster)|(redis|@redis\/client)#(default\.)?create(Client|Cluster)|@upstash\/redis(\/\w+)?#Redis(\.fromEnv)?|@vercel\/kv#(kv|default|createClient))/;
/** A cache of Nest or cache-manager: from version 5 it ends nothing by itself. */
const manager = /^(@nestjs\/cache-manager|cache-manager)#(Cache\(\)|createCache\(\)|caching\(\)|multiCaching\(\))/;
/** Where all that is cached is given a time to live. */
const ends =
  /CacheModule\s*\.\s*register(Async)?\s*(<[^>]*>)?\([\s\S]{0,600}?\bttl\b|\b(createCache|caching|multiCaching)\([\s\S]{0,400}?\bttl\b|new Keyv\([\s\S]{0,200}?\bttl\b/;

/** An entry of a manager without an end, or that the project gives all of them one. */
type Note =
  | { kind: 'stays'; at: At; message: string; fix: string; isManaged: boolean; shape: string | null }
  | { kind: 'deletes'; shape: string }
  | { kind: 'ends' };

/** Of whom what is cached may be. */
const personal =
  /\b(req|request|c|ctx|event|context)\.(user|session|auth|state\.user)\b|\bsession\.user\b|\bcurrentUser\b|\.get\(['"](user|session|userId)['"]\)/;
const owner =
  /user|tenant|org|account|session|team|workspace|owner|member|customer|email|profile|company|\bsub\b|\buid\b/i;

export const noTtlOrScope = defineRule<Note>({
  id: 'cache/no-ttl-or-scope',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'likely',
  title: 'What is cached never ends, or belongs to somebody whom its key does not name.',
  why: 'A key without a time to live stays until somebody deletes it: Redis fills with keys that nobody asks for, and what was missed when data changed is wrong for ever. A key that does not name whose data it holds gives one user’s answer to the next: the first who asks decides what all others see. Give every entry a time to live (`EX`), with deletion on top where data change, and put user, tenant and all that the answer depends on into the key.',
  remedy: { skill: 'cache' },
  owasp: 'API3',
  mentions:
    /\.(set(nx|ex)?|p?setex|p?expire|del|delete|unlink)\s*\(|Cache-Control|CacheModule|createCache\(|caching\(/i,
  file: (source, tell, note) => {
    if (ends.test(source.text)) note({ kind: 'ends' });
    return { CallExpression: (node) => look(source, node, tell, note) };
  },
  project(_project, tell, notes) {
    const isEnded = notes.some(({ note }) => note.kind === 'ends');
    const deleted = new Set(notes.flatMap(({ note }) => (note.kind === 'deletes' ? [note.shape] : [])));
    for (const { note } of notes) {
      if (note.kind !== 'stays' || (note.isManaged && isEnded)) continue;
      if (note.shape !== null && deleted.has(note.shape)) continue;
      tell(note.at, {
        message: note.message,
        fix: note.fix,
        // Of how many things there are keys, and whether one may be missed, the code does not say.
        confidence: 'hint',
      });
    }
  },
});

function look(source: Source, node: CallSyntax, tell: Tell, note: (note: Note) => void): void {
  publicHeader(source, node, tell);
  if (/^(del|delete|unlink)$/.test(calledName(node) ?? ''))
    for (const one of node.arguments) {
      const shape = shapeOf(source, one);
      if (shape !== null) note({ kind: 'deletes', shape });
    }
  tooLong(source, node, tell);
  if (!/^(set|setnx|setNX|setex|setEx|psetex)$/.test(calledName(node) ?? '')) return;
  const isManaged = isManager(source, node);
  const isKept = isInMemory(source, node);
  if (!isManaged && !isKept && !isCache(source, node)) return;
  const [key, value] = node.arguments;
  if (!key || !value) return;
  const fn = functionAround(source, node);
  const name = source.textOf(key).replace(/\s+/g, ' ').slice(0, 60);
  const handler = handlerAround(source, node);
  if (handler && isPersonal(source, value) && !namesOwner(source, key)) {
    tell(node, {
      message: `The key ${name} does not say whose data it holds, and the value depends on the user: the next user gets it too.`,
      fix: 'Put the user (and tenant) into the key.',
      severity: 'error',
    });
    return;
  }
  if (isKept || isFixed(source, key) || /^p?setex$/i.test(calledName(node) ?? '') || !neverEnds(source, node)) return;
  if (fn && (endsElsewhere(source, fn) || isThereBefore(source, node, key))) return;
  const stays = isManaged
    ? 'has no time to live: what is cached stays as it was when data change, and the cache grows with them.'
    : 'has no time to live: these keys stay in Redis for ever, and grow with the data.';
  note({
    kind: 'stays',
    at: atNode(source, node),
    message: `${source.textOf(node.callee)}(${name}, …) ${stays}`,
    fix: isManaged
      ? 'Give it a time to live as the third argument, or all of them one where the cache is registered.'
      : 'Give it a time to live (EX), also where the key is deleted when data change.',
    isManaged,
    shape: shapeOf(source, key),
  });
}

/** A time of the clock that is given as how long something lives. */
function tooLong(source: Source, node: CallSyntax, tell: Tell): void {
  const given = lifeOf(source, node);
  if (!given || !isOfClock(source, given) || !(isManager(source, node) || isCache(source, node))) return;
  tell(given, {
    message: `${source.textOf(given)} is a time of the clock, and ${calledName(node)} asks how long the entry lives: it stays for half a century or more.`,
    fix: 'Give what lies between now and then (`expiresAt - Date.now()`), or a fixed time to live.',
  });
}

/** What a call says of how long its entry lives: `setEx(key, ttl, value)`, `set(key, value, 'EX', ttl)`, `{ EX: ttl }`. */
function lifeOf(source: Source, node: CallSyntax): Syntax | undefined {
  const [, second, third, fourth] = node.arguments;
  const name = calledName(node) ?? '';
  if (/^p?(setex|expire)$/i.test(name)) return second;
  if (name !== 'set' || !third) return undefined;
  if (/^[ep]x$/i.test(stringValue(third) ?? '')) return fourth;
  const { values } = optionsIn(source, third) ?? {};
  return (
    values?.get('EX') ?? values?.get('PX') ?? values?.get('ex') ?? values?.get('px') ?? values?.get('ttl') ?? third
  );
}

function isManager(source: Source, call: CallSyntax): boolean {
  if (call.callee.type !== 'MemberExpression' || calledName(call) !== 'set') return false;
  if (!manager.test(originOf(source, call.callee.object) ?? '')) return false;
  const major = majorOf(rangeAt(source.project, source.path, 'cache-manager'));
  return major === null || major >= 5;
}

/** A cache of the process itself: gone when that ends, and most often bounded, but one for all users too. */
const isInMemory = (source: Source, call: CallSyntax): boolean =>
  call.callee.type === 'MemberExpression' &&
  calledName(call) === 'set' &&
  /^(node-cache#(default|NodeCache)|lru-cache#(default|LRUCache)|@isaacs\/ttlcache#(default|TTLCache))\(\)$/.test(
    originOf(source, call.callee.object) ?? '',
  );

function isCache(source: Source, call: CallSyntax): boolean {
  if (call.callee.type !== 'MemberExpression') return false;
  const origin = originOf(source, call.callee.object);
  if (origin !== null && redis.test(origin)) return true;
  const name = nameOf(call.callee.object) ?? '';
  return (origin === null || origin.startsWith('/')) && /^(redis|redisClient|redisConnection|ioredis)$/i.test(name);
}

/** `set(key, value)`, and options that are read in full and say nothing of time; `NX` alone too. */
function neverEnds(source: Source, call: CallSyntax): boolean {
  const rest = call.arguments.slice(2);
  if (rest.length === 0) return true;
  if (rest.every((one) => /^(nx|xx|get)$/i.test(stringValue(one) ?? ''))) return true;
  const options = rest.length === 1 ? optionsIn(source, rest[0]) : null;
  return (
    options !== null &&
    !options.open &&
    ![...options.values.keys()].some((one) => /^(ex|px|exat|pxat|ttl|keepttl|expiration)$/i.test(one))
  );
}

/** The same function gives it a time later, or has another way of setting that has one. */
const endsElsewhere = (source: Source, fn: Syntax): boolean =>
  /\.(p?expire(At)?|setex|psetex|setEx)\(|['"](EX|PX)['"]|\b(EX|PX|ex|px)\s*:/.test(source.textOf(fn));

/** The value, or what it is made of, depends on who asks. */
function isPersonal(source: Source, value: Syntax, depth = 0): boolean {
  if (personal.test(source.textOf(value))) return true;
  if (depth > 3) return false;
  let found = false;
  everyOf(value, ['Identifier'], (node) => {
    if (found || node.type !== 'Identifier') return;
    const binding = bindingOf(source, node);
    if (binding?.kind !== 'variable') return;
    // `let orders; … orders = await Order.find({ user: req.user.id })`
    const given = [...(binding.init ? [binding.init] : []), ...binding.writes];
    found = given.some((one) => functionAround(source, one) !== null && isPersonal(source, one, depth + 1));
  });
  return found;
}

/** The key, with what its names stand for, speaks of somebody; a key that comes from elsewhere may. */
function namesOwner(source: Source, key: Syntax, depth = 0): boolean {
  if (owner.test(source.textOf(key)) || depth > 3) return true;
  let names = false;
  everyNode(key, (node) => {
    if (names) return;
    if (node.type === 'CallExpression') names = true;
    if (node.type !== 'Identifier') return;
    const binding = bindingOf(source, node);
    if (binding?.kind === 'parameter' || binding?.kind === 'import') names ||= depth === 0 && unwrap(key) === node;
    else if (binding?.init)
      names ||= personal.test(source.textOf(binding.init)) || namesOwner(source, binding.init, depth + 1);
  });
  return names;
}

/** `Cache-Control: public` on an answer that depends on the user. */
function publicHeader(
  source: Source,
  call: CallSyntax,
  tell: (at: Syntax, words: { message: string; fix: string; severity: 'error' }) => void,
): void {
  if (!/^(set|setHeader|header|append)$/.test(calledName(call) ?? '')) return;
  const [name, value] = call.arguments;
  if (!name || !value || !/^cache-control$/i.test(stringValue(name) ?? '')) return;
  const text = stringValue(value) ?? '';
  const handler = handlerAround(source, call);
  if (!handler || !/\bpublic\b|s-maxage/i.test(text) || !personal.test(source.textOf(handler))) return;
  if (
    call.callee.type === 'MemberExpression' &&
    !/^(res|reply|response|c|ctx)\b/.test(source.textOf(call.callee.object))
  )
    return;
  tell(call, {
    message: `This answer depends on the user and is sent as \`${text}\`: a shared cache gives it to everybody.`,
    fix: 'Send `private` (or no-store) for what depends on the user.',
    severity: 'error',
  });
}

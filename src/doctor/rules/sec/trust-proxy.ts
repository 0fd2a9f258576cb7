import { literal, type Syntax, stringValue, unwrap } from '../../../text/syntax.ts';
import { choiceAround } from '../../code/choices.ts';
import { constantOf } from '../../code/names.ts';
import { memberName, objectAt, option, optionValue } from '../../code/objects.ts';
import { definitionOf, originOf } from '../../code/origin.ts';
import { everyNode, type Source } from '../../code/source.ts';
import { alsoIn, startedFirst } from '../../files/started.ts';
import { limiterPackages } from '../../routes/limits.ts';
import { defineRule } from '../../rule.ts';

type Note =
  | { trusts: { path: string; start: number; end: number }; name: string; isAsked: boolean }
  | 'uses the address';

const fix = 'Say how many proxies stand before the program (1 for one load balancer), or their addresses.';
/** Platforms whose edge writes the header anew: nobody can send one through. */
const edges = ['vercel.json', 'netlify.toml', 'wrangler.toml', 'wrangler.jsonc', 'wrangler.json'];

export const trustProxy = defineRule<Note>({
  id: 'sec/trust-proxy',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'likely',
  title: 'The client chooses its own address.',
  why: '`X-Forwarded-For` is a header that everybody can send. Proxies append to it: only what the last proxies of your own wrote is true. With `trust proxy: true`, or with the first address of the header, a limiter, a list of allowed addresses and every log believe what the client wrote. Trust as many proxies as there are.',
  remedy: { skill: 'rate-limit' },
  owasp: 'API4',
  securitySeverity: 5.3,
  mentions:
    /trust.?proxy|\.proxy\b|\bproxy:|x-forwarded-for|\b(req|request|ctx|c)\.ips?\b|remoteAddress|rate.?limit|limiter|throttl|bottleneck|arcjet/i,
  file(source, tell, note) {
    if (readsAddress(source.text)) note('uses the address');
    const trusts = (node: Syntax, name: string): void =>
      note({
        trusts: { path: source.path, start: node.start, end: node.end },
        name,
        isAsked: choiceAround(source, node) !== null,
      });
    const isOfKoa = (node: Syntax): boolean => /^koa#default\(\)$/.test(originOf(source, node) ?? '');
    const told = new Set<string>();
    const counts = (header: Syntax | null): void => {
      // One key for all limiters of a file mends them.
      if (header === null || told.has('key')) return;
      told.add('key');
      tell(header, {
        message:
          'This limit counts by X-Forwarded-For as the client sent it: with a new address in the header each time there is no limit.',
        fix: 'Count by the address that your own proxy saw (req.ip with the number of proxies trusted), or by the signed-in user.',
      });
    };
    const isEdged = (): boolean => edges.some((path) => source.project.tree.has(path));
    return {
      AssignmentPattern({ left, right }) {
        // `{ keyGenerator = byAddress }`: what a limiter of their own counts by.
        if (left.type !== 'Identifier' || !/^(keyGenerator|generateKey)$/.test(left.name) || isEdged()) return;
        const place = definitionOf(source, right);
        const text = place?.source === source ? source.textOf(place.node) : '';
        if (header.test(text) && isFirst(text)) counts(right);
      },
      NewExpression(node) {
        const options = originOf(source, node.callee) === 'koa#default' ? objectAt(source, node.arguments[0]) : null;
        if (options && optionValue(options, 'proxy') === true && option(options, 'maxIpsCount') === null)
          trusts(node, 'proxy: true');
      },
      AssignmentExpression(node) {
        const left = unwrap(node.left);
        const isSet = left.type === 'MemberExpression' && memberName(left) === 'proxy' && literal(node.right) === true;
        if (isSet && isOfKoa(left.object) && !/maxIpsCount/.test(source.text)) trusts(node, 'app.proxy = true');
      },
      CallExpression(node) {
        const callee = unwrap(node.callee);
        const [first, second] = node.arguments;
        if (
          callee.type === 'MemberExpression' &&
          callee.property.type === 'Identifier' &&
          first &&
          stringValue(first) === 'trust proxy'
        ) {
          if (callee.property.name === 'enable') trusts(node, "enable('trust proxy')");
          if (callee.property.name === 'set' && second && literal(constantOf(source, second) ?? second) === true)
            trusts(node, "set('trust proxy', true)");
        }
        const origin = originOf(source, callee);
        if (origin === 'fastify#default' || origin === 'fastify#fastify') {
          const options = objectAt(source, first);
          if (options && optionValue(options, 'trustProxy') === true)
            trusts(option(options, 'trustProxy') ?? node, 'trustProxy: true');
        }
        const key = limiterKey(source, node);
        if (key && !isEdged()) counts(forwarded(source, key));
      },
    };
  },
  project(project, tell, notes) {
    const isUsed = notes.some(({ note }) => note === 'uses the address');
    const trusting = notes.flatMap(({ note }) => (note === 'uses the address' ? [] : [note]));
    const always = trusting.filter(({ isAsked }) => !isAsked);
    const found = startedFirst(
      project,
      (always.length > 0 ? always : trusting).map((one) => ({ ...one, path: one.trusts.path })),
    );
    if (!found) return;
    const { first, others } = found;
    tell(first.trusts, {
      message: `With ${first.name} every proxy is trusted, and the client itself: the address of a request is what it wrote into X-Forwarded-For.${alsoIn(others)}`,
      fix,
      ...(isUsed && !first.isAsked ? {} : { confidence: 'hint' as const, severity: 'info' as const }),
    });
  },
});

/** What only the edge of a platform writes: whoever asks for it first takes `req.ip` where there is no such edge. */
const ofEdge = /cf-connecting-ip|fly-client-ip|true-client-ip/i;

/** True for a file that works with the address that trust in proxies decides on: by a limiter, or itself. The socket's own address is none. */
const readsAddress = (text: string): boolean =>
  (/\b(req|request|ctx|c)\.ips?\b/.test(text) || limits(text)) && !ofEdge.test(text);

/** A limiter that counts; Nest's module does only by its guard. */
const limits = (text: string): boolean =>
  limiterPackages.test(text) && (!/['"]@nestjs\/throttler['"]/.test(text) || /Throttler\w*Guard/.test(text));

/** Methods of limiters; a limiter made by hand counts in a map. Pages of Next stand behind an edge that writes the header itself. */
const asking = /^(limit|consume|check|isAllowed|hit)$/;
const counting = /^(limit|consume|check|isAllowed|hit|get|has)$/;

/** What a limiter counts by: `keyGenerator` of its options, the argument of `limit`, `consume`, `check`. */
function limiterKey(source: Source, node: Extract<Syntax, { type: 'CallExpression' }>): Syntax | null {
  const callee = unwrap(node.callee);
  const options = objectAt(source, node.arguments[0]);
  const generator = options ? (option(options, 'keyGenerator') ?? option(options, 'generateKey')) : null;
  if (generator) return generator;
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return null;
  const isAsked =
    (source.project.has('next') ? asking : counting).test(callee.property.name) &&
    /limit|throttle/i.test(source.textOf(callee.object));
  return isAsked || /^(@upstash\/ratelimit|rate-limiter-flexible)#/.test(originOf(source, callee.object) ?? '')
    ? (node.arguments[0] ?? null)
    : null;
}

const header = /['"]x-forwarded-for['"]/i;

/** Where a key comes from that header: within the expression, or one name behind it. */
function forwarded(source: Source, key: Syntax): Syntax | null {
  if (!header.test(source.text)) return null;
  if (header.test(source.textOf(key)) && isFirst(source.textOf(key))) return key;
  let found: Syntax | null = null;
  everyNode(key, (node) => {
    const value = node.type === 'Identifier' ? constantOf(source, node) : null;
    if (value && header.test(source.textOf(value)) && isFirst(source.textOf(value))) found = value;
  });
  return found;
}

/** True unless the last addresses of the header are taken. */
const isFirst = (text: string): boolean =>
  !/\.at\(-|\.pop\(|length\s*-|reverse\(|slice\(-/.test(text) &&
  !/cf-connecting-ip|x-real-ip|fly-client-ip/i.test(text.slice(0, text.search(header)));

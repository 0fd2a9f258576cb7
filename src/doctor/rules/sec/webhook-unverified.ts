import { type Syntax, stringValue, unwrap } from '../../../text/syntax.ts';
import type { Place } from '../../code/exports.ts';
import { definitionOf, originOf } from '../../code/origin.ts';
import { reachedFrom, wordsOf } from '../../code/reach.ts';
import { everyOf, type Source } from '../../code/source.ts';
import { roleAt } from '../../flow/request.ts';
import { type Route, routesOf } from '../../routes/routes.ts';
import { defineRule, type Spot } from '../../rule.ts';

/** A webhook that asks nobody, and what its handler does (`by`): one that hands everything on does what others do. */
type Note = { open: Spot; path: string; by: string | null } | { verified: string };

const providers =
  /stripe|git-?hub|git-?lab|bitbucket|paypal|paddle|lemon-?squeezy|clerk|svix|shopify|twilio|sendgrid|mailgun|postmark|slack|razorpay|paystack|flutterwave|mollie|square|adyen|braintree|replicate|resend|\bmux\b|linear|polar|plaid|intercom|hubspot|calendly|typeform|docusign|sanity|contentful|coinbase|woocommerce|zoom|discord|facebook|whatsapp|instagram|meta\b|dwolla|gocardless|chargebee|recurly|revenuecat|vapi|elevenlabs|workos|auth0/i;
const hook = /web-?hooks?|(^|[/_-])ipn($|[/_-])|(^|\/)hooks?($|\/)/i;
/** What code speaks of that asks who is there. */
const asks =
  /verif(y|ied|ication)|signature|constructEvent|hmac|timingSafe|svix|unwrap\b|webhookSecret|WEBHOOK_SECRET|secret|whsec|x-hub|authori[sz]|authenticat|requireAuth|isAdmin|getServerSession|getSession|currentUser|ensureLoggedIn|isLoggedIn|apiKey|api[-_]key|x-[\w-]+-token|(webhook|auth|bearer|access|verify|verification|shared)_?token|isValid(Webhook|Request)|validate(Webhook|Request|Signature)|UseGuards|AuthGuard|checkAuth|basicAuth|allowList|allowedIps|trustedIps|createNodeMiddleware/i;
/** Routes at which the own users keep the addresses that are called for them. */
const outgoing =
  /createWebhook|addWebhook|insertWebhook|updateWebhook|deleteWebhook|registerWebhook|webhooks?\.(create|insert)|webhookUrl|targetUrl|callbackUrl|subscri(be|ption)(s|Url)?\b.*url/i;

export const webhookUnverified = defineRule<Note>({
  id: 'sec/webhook-unverified',
  since: '0.1.0',
  severity: 'error',
  confidence: 'likely',
  title: 'A webhook believes whoever calls it.',
  why: 'The address of a webhook is no secret: it stands in dashboards, logs and code. Without a look at the signature anybody posts “paid”, “refunded”, “deleted”, in the words of the provider’s own documentation. Verify the signature over the bytes as they came, before anything else is done, and refuse what is too old.',
  remedy: { skill: 'webhook' },
  owasp: 'API2',
  securitySeverity: 8.2,
  // Of Next's routes the path says it, not the text.
  mentions: /[hH]ook|HOOK|\b(ipn|IPN|POST)\b|NextApiRequest|handler\(\s*req/,
  file: (source, _tell, note) => ({
    CallExpression(node) {
      const path = verifiedMount(node);
      if (path !== null) note({ verified: path });
    },
    Program() {
      for (const route of routesOf(source)) {
        const { path, method, node } = route;
        if (path === null || (method !== 'POST' && method !== 'ALL') || !isOpenHook(source, route)) continue;
        note({ open: { path: source.path, start: node.start, end: node.end }, path, by: handedTo(source, route) });
      }
    },
  }),
  project(_project, tell, notes) {
    const verified = notes.flatMap(({ note }) => ('verified' in note ? [note.verified] : []));
    for (const { note } of notes) {
      if ('verified' in note || verified.some((path) => path === '' || note.path.startsWith(path) || hook.test(path)))
        continue;
      tell(note.open, {
        message: `Nothing on ${note.path} looks at a signature: whoever knows the address can post any event.`,
        fix: 'Verify the signature over the raw body before anything is done: `backend-skills add webhook`.',
        ...(note.by === null ? {} : { together: `${note.open.path}\n${note.by}` }),
      });
    }
  },
});

/** The functions of the project that a handler hands its request to; null where it does everything by itself. */
function handedTo(source: Source, { handler }: Route): string | null {
  const [, ...others] = handler === null ? [] : reachedFrom(source, [handler], 3);
  return others.length === 0 ? null : others.map((place) => `${place.source.path}:${place.node.start}`).join(' ');
}

/** `app.use('/webhooks', verifySignature, router)`: the path. */
function verifiedMount(node: Extract<Syntax, { type: 'CallExpression' }>): string | null {
  const callee = unwrap(node.callee);
  const [first, ...rest] = node.arguments;
  if (
    callee.type !== 'MemberExpression' ||
    callee.property.type !== 'Identifier' ||
    callee.property.name !== 'use' ||
    !first
  )
    return null;
  const path = stringValue(first);
  return path !== null && hook.test(path) && rest.some((one) => asks.test(wordsOf(one))) ? path : null;
}

/** By the path, by the handler's name, or by the file's where the path names who calls. */
function isHook(source: Source, path: string, handler: Syntax): boolean {
  if (hook.test(path)) return true;
  const name = handler.type === 'Identifier' || handler.type === 'MemberExpression' ? source.textOf(handler) : '';
  return /web-?hook/i.test(name) || (/web-?hook/i.test(source.path) && providers.test(path));
}

function isOpenHook(source: Source, route: Route): boolean {
  const { path, handler, before } = route;
  if (
    path === null ||
    handler === null ||
    !isHook(source, path, handler) ||
    /:(\w*(token|secret|key|hash|signature))/i.test(path)
  )
    return false;
  const places = reachedFrom(source, [handler], 3);
  if (places.length === 0) return false;
  const words = [
    ...places.map(({ node }) => wordsOf(node)),
    ...before.map(wordsOf),
    ...reachedFrom(source, before).map(({ node }) => wordsOf(node)),
  ].join('\n');
  if (asks.test(words) || asks.test(path) || asksAbove(source, route)) return false;
  if (!/\b([bB]ody|json|text|formData|rawBody|payload)\b/.test(words) || outgoing.test(words)) return false;
  const isOfProvider = providers.test(`${path} ${source.path}`) || providers.test(words);
  const readsEvent = /\b(event|eventType|event_type|payload)\b/.test(words) || /\btype\b[\s\S]*\bdata\b/.test(words);
  if (!isOfProvider && !(readsEvent && /web-?hook/i.test(`${path} ${source.path}`))) return false;
  return !places.some((place) => givesAway(place));
}

/** A middleware of the same file that asks, put before all its routes. */
function asksAbove(source: Source, route: Route): boolean {
  let found = false;
  everyOf(source.program, ['CallExpression'], (node) => {
    if (node.type !== 'CallExpression' || node.start > route.node.start) return;
    const callee = unwrap(node.callee);
    if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return;
    if (/^(use|addHook|register)$/.test(callee.property.name) && node.arguments.some((one) => asks.test(wordsOf(one))))
      found = true;
  });
  return found;
}

/** True where the request as a whole is handed to code that cannot be seen: it may look at the signature. */
function givesAway({ source, node }: Place): boolean {
  let found = false;
  everyOf(node, ['CallExpression'], (one) => {
    if (one.type !== 'CallExpression' || found) return;
    const isWhole = one.arguments.some((given) => {
      const role = roleAt(source, given);
      return role === 'request' || role === 'context';
    });
    if (!isWhole || definitionOf(source, one.callee) !== null) return;
    const origin = originOf(source, one.callee);
    const callee = unwrap(one.callee);
    const isLog =
      /^(#console|pino|winston)/.test(origin ?? '') ||
      (callee.type === 'MemberExpression' && /log/i.test(source.textOf(callee.object)));
    if (!isLog && !/^#(JSON|Object|String|next)\b/.test(origin ?? '')) found = true;
  });
  return found;
}

import { keyOf, type Syntax, unwrap } from '../../../text/syntax.ts';
import { functionName } from '../../code/callers.ts';
import { definitionOf } from '../../code/definition.ts';
import { bindingOf, constantOf } from '../../code/names.ts';
import { originOf } from '../../code/origin.ts';
import { everyNode, functionAround, type Source } from '../../code/source.ts';
import { isBehindSecret } from '../../flow/behind-secret.ts';
import { type Led, leadsOf } from '../../flow/leading.ts';
import { isNear } from '../../flow/near.ts';
import { isGuarded, isSent, taintOf } from '../../flow/taint.ts';
import { isAskedByAdminsOnly } from '../../routes/insiders.ts';
import { defineRule, type Words } from '../../rule.ts';

/** Functions that ask another server; the URL is their first argument, or `url` of an object. */
const clients =
  /^#(fetch|globalThis\.fetch|\$fetch)$|^(axios|got|ky|needle|request|request-promise(-native)?|superagent|node-fetch|cross-fetch|undici|ofetch|phin|bent|make-fetch-happen|isomorphic-fetch|follow-redirects|https?)#(default|fetch|request|stream|get|post|put|patch|delete|head|options|axios|got|https?\.\w+|\$fetch|ofetch)(\(\))?(\.(get|post|put|patch|delete|head|request|stream))?$/;
/** Clients that are made with settings of their own: a whole URL goes before their base. */
const made =
  /^axios#(default\.)?create\(\)(\.(get|post|put|patch|delete|head|options|request))?$|^got#(default\.)?extend\(\)(\.\w+)?$|^@nestjs\/axios#HttpService\(\)(\.axiosRef)?\.(get|post|put|patch|delete|head|request)$|^rss-parser#default\(\)\.parseURL$|^(link-preview-js#getLinkPreview|open-graph-scraper#default|url-metadata#default)$/;
const pages = /^(puppeteer|puppeteer-core|playwright|playwright-core)#.*\.goto$/;
/** Parts of the request that name this server itself. */
const ownHost =
  /nextUrl\.(origin|protocol|host)|headers\.(host|origin)\b|(get|header)\(\s*['"](host|origin|x-forwarded-\w+)['"]|\b(req|request)\.(protocol|hostname|host|url|raw\.url)\b|\.origin\b/i;

type Call = Extract<Syntax, { type: 'CallExpression' }>;

export const ssrf = defineRule({
  id: 'sec/ssrf',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'likely',
  title: 'The server asks a URL that the client chose.',
  why: 'A server stands inside the network: a URL of the client makes it ask what nobody outside can reach, such as the cloud’s metadata with its credentials (`169.254.169.254`), databases and admin pages on `localhost`, and hand back the answer. Let only hosts of a list through; where any host must do, resolve the name, refuse private and link-local addresses, connect to the very address that was checked, and do not follow redirects unchecked.',
  remedy: { skill: 'api-client' },
  owasp: 'API7',
  securitySeverity: 8.6,
  mentions: /\b(fetch|axios|got|ky|needle|request|superagent|undici|phin|https?|goto)\b/,
  file: (source, tell) => {
    // One value that several requests of a function ask is told of once.
    const told = new Set<string>();
    const CallExpression = (node: Call): void => {
      const [url] = node.arguments;
      if (!url) return;
      const origin = originOf(source, node.callee);
      if (origin === null || !(clients.test(origin) || made.test(origin) || pages.test(origin))) return;
      const target = targetOf(source, url);
      if (target === null || isCareful(source, node)) return;
      for (const led of leadsOf(source, node, target, targetOf)) {
        const words = wordsFor(led, source.textOf(node.callee), isSetting(source, target));
        const key = `${led.source.path}:${functionAround(led.source, led.at)?.start}:${led.source.textOf(led.node)}`;
        if (!words || told.has(key) || isGuarded(source, target, node)) continue;
        told.add(key);
        tell({ path: led.source.path, start: led.at.start, end: led.at.end }, words);
      }
    };
    return { CallExpression };
  },
});

function wordsFor({ source, at, url, node, hops }: Led, name: string, isOwnServer: boolean): Words | null {
  // What a function of the project made of it may lead anywhere, and most often to a server of its own.
  if (node.type === 'CallExpression' && definitionOf(source, node.callee)) return null;
  const taint = taintOf(source, node, {}, at);
  if (isOwn(source.textOf(node)) || comesOfOwnHost(source, node) || !isSent(taint)) return null;
  if (isGuarded(source, node, at) || isGuarded(source, url, at)) return null;
  const words = source.textOf(node).replace(/\s+/g, ' ').slice(0, 50);
  return {
    message: `${name}() asks the URL that the client sends (${words}): it can reach the cloud's metadata and whatever stands behind this server.`,
    fix: 'Let only known hosts through, or resolve the name and refuse private addresses before connecting.',
    // A schema of the project's own has seen it, and may know hosts; so may a function on a long way.
    ...(taint === 'checked' || !isNear(source, node, {}, hops) ? { confidence: 'hint' as const } : {}),
    ...(isBehindSecret(source, at) || (isOwnServer && isAskedByAdminsOnly(source, at))
      ? { confidence: 'hint' as const, severity: 'info' as const }
      : {}),
  };
}

/** `given ?? process.env.MODEL_URL`: the address of a server of their own, which those who run the program set. */
function isSetting(source: Source, url: Syntax): boolean {
  let found = false;
  const look = (outer: Syntax, depth: number): void =>
    everyNode(outer, (one) => {
      found ||= one.type === 'LogicalExpression' && /^(process\.)?env\.\w+$/.test(source.textOf(one.right));
      const binding = one.type === 'Identifier' && depth < 3 ? bindingOf(source, one) : null;
      if (binding?.kind === 'variable' && !found)
        for (const value of [binding.init, ...binding.writes]) if (value) look(value, depth + 1);
    });
  look(url, 0);
  return found;
}

/** True where the connection refuses what is private (`dispatcher: publicOnly`), or the function is there for that (`safeFetch`). */
function isCareful(source: Source, node: Call): boolean {
  const careful = /safe|ssrf|public|guard|restrict|private|untrusted/i;
  const isAgent = (one: Syntax): boolean =>
    one.type === 'ObjectExpression' &&
    one.properties.some(
      (each) => /^(dispatcher|agent|https?Agent|lookup)$/.test(keyOf(each) ?? '') && careful.test(source.textOf(each)),
    );
  const scope = functionAround(source, node);
  return (
    node.arguments.some((one) => isAgent(constantOf(source, one) ?? unwrap(one))) ||
    /^\w*(safe|ssrf|guarded|untrusted)/i.test((scope && functionName(source, scope)) ?? '')
  );
}

/** The URL of a call: its first argument, or what its options say; null where a base decides on the host. */
function targetOf(source: Source, given: Syntax): Syntax | null {
  const options = constantOf(source, given) ?? unwrap(given);
  if (options.type !== 'ObjectExpression') return given;
  const named = (pattern: RegExp): Syntax | null => {
    for (const one of options.properties)
      if (one.type === 'Property' && pattern.test(keyOf(one) ?? '')) return one.value;
    return null;
  };
  return named(/^baseURL$/) ?? named(/^(url|uri|host|hostname)$/);
}

const isOwn = (text: string): boolean => ownHost.test(text) && !/searchParams|query/.test(text);

/** `const { origin } = new URL(req.url)`: the client's word for this very server. */
function comesOfOwnHost(source: Source, node: Syntax): boolean {
  const value = constantOf(source, node);
  return value !== null && isOwn(source.textOf(value));
}

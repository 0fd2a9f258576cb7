import { createHash } from 'node:crypto';
import { parse, stringify } from 'node:querystring';
import { isForm } from '../form.js';
import { equal, hmac } from '../signature.js';
import type { Provider } from '../types.js';

/** X-Twilio-Signature: <base64>, an HMAC-SHA1 over the public URL and the fields; there is no time in it. */
export const urlSignature: Pick<Provider, 'verify' | 'sign'> = {
  verify({ header, body, url = '' }, secret) {
    const given = header('x-twilio-signature') ?? '';
    const texts = signedTexts(url, body, isForm(header('content-type')));
    return texts.some((text) => equal(hmac('sha1', secret, 'base64', [text]), given));
  },

  sign(body, secret, _nowMs, { id, url = '' }) {
    const form = /^[\w.]+=/.test(body);
    const signature = hmac('sha1', secret, 'base64', [signedTexts(url, body, form)[0] ?? '']);
    return {
      ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
      'x-twilio-signature': signature,
      'i-twilio-idempotency-token': id,
    };
  },
};

/** Each text that Twilio may have signed for this: the URL and the fields of a form, or a URL with the hash of the body. */
function signedTexts(url: string, body: Uint8Array | string, form: boolean): string[] {
  if (!form) return spellings(withHash(url, body) ?? '');
  const fields = fieldsOf(body);
  if (!fields) return [];
  const text = [...fields].flatMap(([name, values]) => values.map((value) => name + value)).join('');
  return spellings(url).map((spelling) => spelling + text);
}

/** A form's fields by name, each value once, all sorted. Null where a pair has no `=`: where its value begins is not signed. */
export function fieldsOf(body: Uint8Array | string): Map<string, string[]> | null {
  const text = typeof body === 'string' ? body : utf8.decode(body);
  if (text.split('&').some((pair) => !pair.includes('='))) return null;
  const form = new URLSearchParams(text);
  return new Map([...new Set(form.keys())].sort().map((name) => [name, [...new Set(form.getAll(name))].sort()]));
}

/** The URL with the hash of its body, as it came or added; null where it came with the hash of another. */
function withHash(url: string, body: Uint8Array | string): string | null {
  const hash = createHash('sha256').update(body).digest('hex');
  const [path, query] = cut(url);
  const claims = new URLSearchParams(query).getAll('bodySHA256');
  if (claims.length > 0) return claims.every((claim) => claim === hash) ? url : null;
  return `${path}?${query && `${query}&`}bodySHA256=${hash}`;
}

/** The URL without its port and with it: as given, normalized, and with the query as Node's old encoder writes it. */
function spellings(url: string): string[] {
  if (!URL.canParse(url)) return [];
  const normalized = onPorts(new URL(url).href);
  return [...new Set([...onPorts(url), ...normalized, ...normalized.map(recoded)])];
}

/** A URL without a port, and with the one that it names or that its protocol has. */
function onPorts(url: string): string[] {
  const [, scheme = '', host = '', port, rest = ''] =
    /^(\w+:\/\/)((?:[^/?#]*@)?(?:\[[^\]/?#]*\]|[^/?#:]*))(:[^/?#]*)?(.*)$/s.exec(url) ?? [];
  const named = port ?? (scheme.toLowerCase() === 'https://' ? ':443' : ':80');
  return [scheme + host + rest, scheme + host + named + rest];
}

function recoded(url: string): string {
  const [path, query] = cut(url);
  return query ? `${path}?${stringify(parse(query))}` : url;
}

/** What stands before the first question mark, and behind it. */
function cut(url: string): [string, string] {
  const at = url.indexOf('?');
  return at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)];
}

const utf8 = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });

import { keyOf, propertyOf, type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import { originOf } from '../code/origin.ts';
import type { Source } from '../code/source.ts';

const named = /^(?:[a-z0-9-]+\.)+[a-z]{2,}$/i;
const own =
  /(^|\.)(local|localhost|internal|intern|intranet|lan|corp|home|private|svc|cluster|test|dev|staging|localdomain)(\.|$)/i;

/** A host that anybody can reach, with a certificate that everybody can check. */
const isPublic = (host: string): boolean => named.test(host) && !own.test(host);

/**
 * True where the options that an object gives (to a request, to a mail service by its name, or to an agent that this
 * file keeps to itself) are for hosts that are written there, all of them public.
 */
export function isForPublicHosts(source: Source, options: Syntax): boolean {
  if (options.type !== 'ObjectExpression') return false;
  const host = propertyOf(options, 'hostname') ?? propertyOf(options, 'host');
  if (host) {
    const name = stringValue(unwrap(host));
    return name !== null && isPublic(name.replace(/:\d+$/, ''));
  }
  const holder = source.parentOf(options);
  const outer = holder?.type === 'Property' && keyOf(holder) === 'tls' ? source.parentOf(holder) : null;
  // A mail service that the library knows by its name.
  const service =
    outer?.type === 'ObjectExpression' && !propertyOf(outer, 'host') ? propertyOf(outer, 'service') : null;
  if (service) return stringValue(unwrap(service)) !== null;
  const made = source.parentOf(options);
  if (made?.type !== 'NewExpression' || originOf(source, made.callee) !== 'https#Agent') return false;
  for (const parent of source.above(made)) if (parent.type.startsWith('Export')) return false;
  const isShared = /\b(module\.)?exports\b|\bexport\s*\{|process\.env\.\w*(URL|HOST|BASE|ENDPOINT|SERVER)/i.test(
    source.text,
  );
  const hosts = [...source.text.matchAll(/\bhttps?:\/\/([^\s/'"`:?#]*)/gi)].map(([, name = '']) => name);
  return !isShared && hosts.length > 0 && hosts.every(isPublic);
}

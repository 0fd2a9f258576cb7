import type { Obstacle } from '../../model.ts';
import { literal, propertyOf, type Syntax, stringValue, unwrap } from '../../text/syntax.ts';
import type { Reach } from '../shared/reach.ts';
import { lineAt, type Source, textAt } from '../shared/source.ts';
import { isObject, memberCalls, resolved } from './names.ts';

/** What stands before a mount path: the global prefix and the URI version, and what could not be read. */
export function prefixOf(reach: Reach, mount: string): { prefix: string; obstacles: Obstacle[] } {
  const sources = [...reach.sources.values()];
  const global = sources.flatMap((source) => globalPrefix(source, mount))[0];
  const version = sources.flatMap(versionOf)[0];
  return {
    prefix: [global?.text, version?.text].map((part) => (part ? `/${part}` : '')).join(''),
    obstacles: [global?.obstacle, version?.obstacle].filter((one) => one !== null && one !== undefined),
  };
}

interface Part {
  text: string;
  obstacle: Obstacle | null;
}

const unread = (source: Source, node: Syntax, what: string): Obstacle => ({
  kind: 'other',
  file: source.path,
  line: lineAt({ source, node }),
  message: `${what} is computed (${textAt({ source, node })}), so that the public path shown leaves it out.`,
  fix: 'Put it before the path when you register the endpoint.',
});

function globalPrefix(source: Source, mount: string): Part[] {
  return memberCalls(source, 'setGlobalPrefix').map(({ arguments: [first, second] }) => {
    const text = first ? stringValue(resolved(source, first)) : null;
    if (first && text === null) return { text: '', obstacle: unread(source, first, 'The global prefix') };
    const isExcluded = second !== undefined && excludes(source, resolved(source, second), mount);
    return { text: isExcluded ? '' : (text ?? '').replace(/^\/+|\/+$/g, ''), obstacle: null };
  });
}

function excludes(source: Source, options: Syntax, mount: string): boolean {
  const list = isObject(options) ? propertyOf(options, 'exclude') : null;
  const value = list && resolved(source, list);
  if (value?.type !== 'ArrayExpression') return false;
  return value.elements.some((element) => {
    const path = isObject(element) ? propertyOf(element, 'path') : element;
    const pattern = path ? stringValue(path) : null;
    return pattern !== null && covers(pattern, `${mount}/x`);
  });
}

/** True where an exclude pattern ('webhooks/(.*)', 'webhooks/*path', 'webhooks/:provider') covers a path. */
function covers(pattern: string, path: string): boolean {
  const escaped = `/${pattern.replace(/^\/+/, '')}`.replace(/[.+?^$|[\]\\]/g, '\\$&');
  const wild = escaped
    .replace(/\(\\\.\*\)|\{?\/?\*\w*\}?/g, '.*')
    .replace(/:\w+(\(\.\*\))?/g, '[^/]+')
    .replace(/[{}()]/g, '');
  return new RegExp(`^${wild}$`).test(path);
}

function versionOf(source: Source): Part[] {
  return memberCalls(source, 'enableVersioning').map(({ arguments: [first] }) => {
    const options = first && resolved(source, first);
    if (!isObject(options)) return { text: '', obstacle: options ? unread(source, options, 'The version') : null };
    const type = propertyOf(options, 'type');
    if (type && !/\bURI$/.test(textAt({ source, node: unwrap(type) }))) return { text: '', obstacle: null };
    const given = propertyOf(options, 'defaultVersion');
    const version = given && resolved(source, given);
    if (!version) return { text: '', obstacle: null };
    const first_ = version.type === 'ArrayExpression' ? version.elements[0] : version;
    if (!first_ || textAt({ source, node: first_ }).endsWith('VERSION_NEUTRAL')) return { text: '', obstacle: null };
    const value = stringValue(first_);
    if (value === null) return { text: '', obstacle: unread(source, first_, 'The default version') };
    const before = propertyOf(options, 'prefix');
    const prefix = before === null ? 'v' : literal(before);
    return { text: `${typeof prefix === 'string' ? prefix : ''}${value}`, obstacle: null };
  });
}

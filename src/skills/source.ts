import semver from 'semver';
import { UserError } from '../errors.ts';
import { isSafePath } from '../text/path.ts';

/** Where a skill that is not ours is to be had. `path` is a folder inside it, '' for the top. */
export type Source =
  | { kind: 'folder'; path: string }
  | { kind: 'tarball'; path: string }
  | { kind: 'download'; url: string }
  | { kind: 'npm'; name: string; range: string }
  | { kind: 'git'; url: string; path: string; ref: string | null };

const forms =
  'Write ./folder, ./file.tgz, npm:name@range, github:owner/repo/path#ref, git+https://host/repo.git//path#ref or https://host/file.tgz.';

/** A source, as it is written after `add`; null for the name of a skill. Throws a UserError for what is neither. */
export function parseSource(text: string): Source | null {
  const file = /^file:(?!\/\/)(.+)$/.exec(text)?.[1] ?? text;
  if (file !== text || /^(\.{0,2}[\\/]|\.{1,2}$|[A-Za-z]:[\\/])/.test(text)) return localSource(file);
  if (/^[a-z][a-z0-9-]*$/i.test(text)) return null;
  if (text.startsWith('npm:')) return npmSource(text.slice(4), text);
  if (text.startsWith('github:')) return githubSource(text.slice(7), text);
  if (text.startsWith('git+') || /^git@/.test(text)) return gitSource(text);
  if (/^https:\/\/.+\.(tgz|tar\.gz)$/.test(text)) return { kind: 'download', url: plainUrl(text, text) };
  if (text.includes(':') || text.includes('/')) throw refusal(text, 'it is no source that is known here');
  return null;
}

/** What stays the same of a source from one version to the next: two skills of one id must agree in it. */
export function identityOf(source: Source): string {
  switch (source.kind) {
    case 'npm':
      return `npm:${source.name}`;
    case 'git':
      return `git:${source.url.replace(/\.git$/, '')}//${source.path}`;
    case 'folder':
      return `folder:${source.path}`;
    case 'tarball':
      return `tarball:${withoutVersion(source.path)}`;
    case 'download':
      return `tarball:${withoutVersion(source.url)}`;
  }
}

const withoutVersion = (file: string): string => file.replace(/[-_]?v?\d+\.\d+\.\d+[\w.+-]*(?=\.(tgz|tar\.gz)$)/, '');

function localSource(path: string): Source {
  return { kind: /\.(tgz|tar\.gz)$/i.test(path) ? 'tarball' : 'folder', path };
}

function npmSource(rest: string, text: string): Source {
  const [, name = '', range = 'latest'] = /^((?:@[^@/]+\/)?[^@/]+)(?:@(.+))?$/.exec(rest) ?? [];
  if (!isPackageName(name)) throw refusal(text, 'it does not name a package');
  if (semver.validRange(range) === null && !/^[a-z][a-z0-9.-]*$/.test(range))
    throw refusal(text, `"${range}" is neither a version range nor a tag`);
  return { kind: 'npm', name, range };
}

/** A name that npm takes, and that is no option and no path. */
export const isPackageName = (name: string): boolean =>
  name.length <= 214 &&
  /^(?:@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*$/.test(name) &&
  !['node_modules', 'favicon.ico'].includes(name);

function githubSource(rest: string, text: string): Source {
  const [, owner, repo, path = '', ref] =
    /^([A-Za-z0-9][A-Za-z0-9-]*)\/([A-Za-z0-9_.-]+?)(?:\/([^#]+))?(?:#(.+))?$/.exec(rest) ?? [];
  if (owner === undefined || repo === undefined || /^\.+$/.test(repo))
    throw refusal(text, 'it does not name a repository');
  return gitAt(`https://github.com/${owner}/${repo.replace(/\.git$/, '')}.git`, path, ref, text);
}

function gitSource(text: string): Source {
  const [body = '', ref] = text.replace(/^git\+/, '').split(/#(.*)/s);
  const scheme = /^[a-z]+:\/\//.exec(body)?.[0] ?? '';
  const [place = '', path = ''] = body.slice(scheme.length).split(/\/\/(.*)/s);
  const url = scheme + place;
  if (scheme === '') {
    if (!/^git@[A-Za-z0-9][A-Za-z0-9.-]*:[\w~][\w./~-]*$/.test(url))
      throw refusal(text, 'it does not name a repository');
    return gitAt(url, path, ref, text);
  }
  if (!['https://', 'ssh://', 'file://'].includes(scheme))
    throw refusal(text, 'git repositories are read by https, ssh and file only');
  return gitAt(scheme === 'https://' ? plainUrl(url, text) : checked(url, text), path, ref, text);
}

function gitAt(url: string, path: string, ref: string | undefined, text: string): Source {
  const below = path.replace(/^\/+|\/+$/g, '');
  if (below !== '' && !isSafePath(below)) throw refusal(text, `"${below}" is not a folder in a repository`);
  if (ref !== undefined && (!/^[A-Za-z0-9_][\w./+@-]*$/.test(ref) || /\.\.|@\{|\/$|\.lock$/.test(ref)))
    throw refusal(text, `"${ref}" is not the name of a branch, a tag or a commit`);
  return { kind: 'git', url, path: below, ref: ref ?? null };
}

/** An https URL without a name and a password in it: it is recorded in the lock. */
function plainUrl(url: string, text: string): string {
  const { username, password, protocol } = parsed(url, text);
  if (protocol !== 'https:') throw refusal(text, 'only https is read');
  if (username !== '' || password !== '') throw refusal(text, 'it has credentials in it, which would be recorded');
  return checked(url, text);
}

function checked(url: string, text: string): string {
  const { hostname, password, username, protocol } = parsed(url, text);
  if (password !== '') throw refusal(text, 'it has a password in it, which would be recorded');
  if (protocol !== 'file:' && !/^[A-Za-z0-9[][A-Za-z0-9.:\]-]*$/.test(hostname))
    throw refusal(text, 'it names no host');
  if (username.startsWith('-') || /[\s\\'"`$]/.test(url)) throw refusal(text, 'it is not a plain URL');
  return url;
}

function parsed(url: string, text: string): URL {
  if (!URL.canParse(url)) throw refusal(text, 'it is not a URL');
  return new URL(url);
}

const refusal = (text: string, why: string): UserError =>
  new UserError(`${JSON.stringify(text)} cannot be added: ${why}.`, forms);

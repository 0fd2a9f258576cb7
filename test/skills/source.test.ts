import { describe, expect, test } from 'vitest';
import { identityOf, parseSource } from '../../src/skills/source.ts';

describe('a source', () => {
  test.each([
    ['webhook', null],
    ['rate-limit', null],
    ['./skills/audit', { kind: 'folder', path: './skills/audit' }],
    ['../audit', { kind: 'folder', path: '../audit' }],
    ['.', { kind: 'folder', path: '.' }],
    ['/opt/skills/audit', { kind: 'folder', path: '/opt/skills/audit' }],
    ['C:\\skills\\audit', { kind: 'folder', path: 'C:\\skills\\audit' }],
    ['file:skills/audit', { kind: 'folder', path: 'skills/audit' }],
    ['file:./audit-1.0.0.tgz', { kind: 'tarball', path: './audit-1.0.0.tgz' }],
    ['./audit.tar.gz', { kind: 'tarball', path: './audit.tar.gz' }],
    ['https://example.com/audit-1.0.0.tgz', { kind: 'download', url: 'https://example.com/audit-1.0.0.tgz' }],
    ['npm:skill-audit', { kind: 'npm', name: 'skill-audit', range: 'latest' }],
    ['npm:@acme/skill-audit', { kind: 'npm', name: '@acme/skill-audit', range: 'latest' }],
    ['npm:@acme/skill-audit@^1.2', { kind: 'npm', name: '@acme/skill-audit', range: '^1.2' }],
    ['npm:skill-audit@next', { kind: 'npm', name: 'skill-audit', range: 'next' }],
    ['github:acme/skills', { kind: 'git', url: 'https://github.com/acme/skills.git', path: '', ref: null }],
    [
      'github:acme/skills/packages/audit#v1.2',
      { kind: 'git', url: 'https://github.com/acme/skills.git', path: 'packages/audit', ref: 'v1.2' },
    ],
    [
      'git+https://git.example.com/acme/skills.git//audit#main',
      { kind: 'git', url: 'https://git.example.com/acme/skills.git', path: 'audit', ref: 'main' },
    ],
    [
      'git+ssh://git@git.example.com/acme/skills.git',
      { kind: 'git', url: 'ssh://git@git.example.com/acme/skills.git', path: '', ref: null },
    ],
    ['git+file:///srv/skills//audit', { kind: 'git', url: 'file:///srv/skills', path: 'audit', ref: null }],
    [
      'git@github.com:acme/skills.git//audit#feature/x',
      { kind: 'git', url: 'git@github.com:acme/skills.git', path: 'audit', ref: 'feature/x' },
    ],
  ])('is read from %s', (text, source) => {
    expect(parseSource(text)).toEqual(source);
  });

  test.each([
    ['http://example.com/audit.tgz', 'no source that is known'],
    ['https://me:secret@example.com/audit.tgz', 'credentials'],
    ['git+https://token@git.example.com/acme/skills.git', 'credentials'],
    ['git+ssh://git:secret@git.example.com/skills.git', 'password'],
    ['git+ext::sh -c touch /tmp/x', 'does not name a repository'],
    ['ext::sh -c touch /tmp/x', 'no source that is known'],
    ['git+http://git.example.com/skills.git', 'https, ssh and file only'],
    ['git+git://git.example.com/skills.git', 'https, ssh and file only'],
    ['git+ssh://-oProxyCommand=x/skills.git', 'names no host'],
    ['git@-oProxyCommand=x:skills.git', 'does not name a repository'],
    ['git+https://git.example.com/skills.git#--upload-pack=x', 'not the name of a branch'],
    ['github:acme/skills#a..b', 'not the name of a branch'],
    ['github:acme/skills/../../etc', 'not a folder in a repository'],
    ['github:acme', 'does not name a repository'],
    ['github:acme/..', 'does not name a repository'],
    ['npm:--registry=x', 'does not name a package'],
    ['npm:../x', 'does not name a package'],
    ['npm:Audit Log', 'does not name a package'],
    ['npm:audit@git+ssh://x', 'neither a version range nor a tag'],
    ['npm:audit@file:../x', 'neither a version range nor a tag'],
    ['npm:audit@', 'does not name a package'],
    ['gitlab:acme/skills', 'no source that is known'],
    ['acme/skills', 'no source that is known'],
  ])('is refused: %s', (text, because) => {
    expect(() => parseSource(text)).toThrow(because);
  });

  test.each([
    ['npm:audit@^1', 'npm:audit@2.0.0', true],
    ['npm:audit', 'npm:@acme/audit', false],
    ['github:acme/skills/audit#v1', 'github:acme/skills/audit#v2', true],
    ['github:acme/skills/audit', 'github:acme/skills/other', false],
    ['github:acme/skills/audit', 'git+https://github.com/acme/skills.git//audit', true],
    ['github:acme/skills/audit', 'github:evil/skills/audit', false],
    ['./audit-1.0.0.tgz', './audit-1.1.0-rc.1.tgz', true],
    ['./audit-1.0.0.tgz', './other-1.0.0.tgz', false],
    ['./audit', 'npm:audit', false],
  ])('%s and %s are one: %s', (one, other, same) => {
    const [a, b] = [parseSource(one), parseSource(other)];
    expect(a !== null && b !== null && identityOf(a) === identityOf(b)).toBe(same);
  });
});

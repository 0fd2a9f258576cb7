import { expect, test } from 'vitest';
import { examine } from '../../src/doctor/examine.ts';
import { projectOf } from '../../src/doctor/project.ts';
import { rules } from '../../src/doctor/rules/index.ts';
import { openSql } from '../../src/doctor/sql/read.ts';
import type { Host } from '../../src/model.ts';
import { siteOf } from '../../src/plan/desire.ts';
import { hostFacts } from '../../src/plan/wanted.ts';
import { choicesOf, decide } from '../../src/skills/choose.ts';
import { hostFor } from '../fixtures.ts';
import { add, hostAfter, rows } from './holds.ts';

const readSql = await openSql();

/** What doctor says of a project; hints too. */
const said = (host: Host) => {
  const { findings, failures } = examine(projectOf(host, null), rules, readSql);
  expect(failures).toEqual([]);
  return findings.map(({ rule, path, line, message }) => ({ rule, path, line, message }));
};

const saidBefore = new Map<Host, Set<string>>();

/** The same of a host as it is, without places: what three skills on one host are each held against. */
function before(host: Host): Set<string> {
  const known = saidBefore.get(host) ?? new Set(said(host).map(wordsOf));
  saidBefore.set(host, known);
  return known;
}

const wordsOf = ({ rule, path, message }: ReturnType<typeof said>[number]): string => `${rule} ${path} ${message}`;

/** A module of ours must not be what doctor warns of, and wiring it must not make the host's own code worse. */
test.each(rows)('doctor has nothing to say of $name', ({ skill, fixture }) => {
  const host = hostFor(fixture);
  const choices = choicesOf(decide(skill, hostFacts(host, siteOf(host)), {}, null));
  const { changes } = add(skill, host, choices);
  const after = said(hostAfter(host, changes));
  const written = new Set(changes.flatMap(({ path, before }) => (before === null ? [path] : [])));
  expect(after.filter(({ path }) => path !== null && written.has(path))).toEqual([]);
  expect(after.filter((one) => !before(host).has(wordsOf(one)))).toEqual([]);
});

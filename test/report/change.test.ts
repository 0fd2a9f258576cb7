import { expect, test } from 'vitest';
import type { Change, Plan } from '../../src/model.ts';
import { changeLines } from '../../src/report/change.ts';
import { paintWith } from '../../src/report/paint.ts';
import { planToText } from '../../src/report/plan.ts';
import { planToDocument } from '../../src/report/plan-document.ts';

const secret = 'hunter2';
const before = `# ${secret}\nexport DB=${secret}\nPEM="${secret}\n${secret}"\nLAST=${secret}`;
const changes: readonly Change[] = [
  { path: '.env', before, after: `${before}\nOURS=` },
  { path: '.env.local', before: `${before}\nOURS=${secret}\n`, after: before },
  { path: 'apps/api/.dev.vars', before: before.replaceAll('\n', '\r\n'), after: `${before}\r\nOURS=\r\n` },
  { path: '.env', before, after: null },
  { path: '.env', before: null, after: before },
];
const plan: Plan = {
  verb: 'add',
  skill: 'webhook',
  changes: [],
  entry: null,
  commands: [],
  steps: [],
  obstacles: [],
  endpoints: [],
  notes: [],
  conflicts: [],
  open: [],
  next: [],
};

test.each(changes)('a change of $path shows no value that stands in it', (change) => {
  const text = planToText({ ...plan, changes: [change] }, [], paintWith(false, false, 80), true);
  const document = JSON.stringify(planToDocument({ ...plan, changes: [change] }));
  expect(`${text}\n${document}`).not.toContain(secret);
});

test('a variable that is added to .env is the only line that is shown', () => {
  expect(changeLines({ path: '.env', before, after: `${before}\nOURS=` }, 3).slice(3)).toEqual(['+OURS=']);
});

test('an example file is shown with its lines around the change', () => {
  const change = { path: '.env.example', before: 'A=1\n', after: 'A=1\nB=2\n' };
  expect(changeLines(change, 3).slice(3)).toEqual([' A=1', '+B=2']);
});

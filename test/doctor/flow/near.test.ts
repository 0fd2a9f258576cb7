import { expect, test } from 'vitest';
import { commandInjection } from '../../../src/doctor/rules/sec/command-injection.ts';
import { evaluation } from '../../../src/doctor/rules/sec/eval.ts';
import { pathTraversal } from '../../../src/doctor/rules/sec/path-traversal.ts';
import { sqlInjection } from '../../../src/doctor/rules/sec/sql-injection.ts';
import { ssrf } from '../../../src/doctor/rules/sec/ssrf.ts';
import { examineTexts, manifest } from '../rule.ts';

const rules = [commandInjection, evaluation, pathTraversal, sqlInjection, ssrf];
const sinks = {
  'sec/command-injection': ['child_process', 'exec', "exec('ls ' + given)"],
  'sec/eval': ['vm', 'runInThisContext', 'runInThisContext(given)'],
  'sec/path-traversal': ['fs', 'readFileSync', 'readFileSync(given)'],
  'sec/sql-injection': ['pg', 'Pool', 'new Pool().query(`SELECT ${given} FROM users`)'],
  'sec/ssrf': ['axios', 'get', 'get(given)'],
} as const;

/** A request's value that goes through two functions, which do this with it besides. */
const through = ([from, name, sink]: readonly [string, string, string], besides: string) => ({
  'package.json': manifest('express@^5.1.0', 'pg', 'axios'),
  'src/last.js': `import { ${name} } from '${from}';\nexport function last(given) {\n  ${besides}\n  return ${sink};\n}\n`,
  'src/next.js': `import { last } from './last.js';\nexport function next(given) {\n  ${besides}\n  return last(given);\n}\n`,
  'src/app.js': `import express from 'express';\nimport { next } from './next.js';\nexpress().get('/one', (req, res) => res.json(next(req.query.one)));\n`,
});

test.each(Object.entries(sinks))('%s is a hint where two functions may have looked at the value', (rule, sink) => {
  const said = (besides: string) =>
    examineTexts(through(sink, besides), rules).findings.map((one) => [one.rule, one.confidence === 'hint']);
  expect(said('log(given);')).toEqual([[rule, true]]);
  expect(said('')).toEqual([[rule, false]]);
});

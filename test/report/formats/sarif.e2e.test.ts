import type { ValidateFunction } from 'ajv';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { described } from '../../../src/doctor/rule.ts';
import { rules } from '../../../src/doctor/rules/index.ts';
import { sarif } from '../../../src/report/formats/sarif.ts';
import { clearPlaces, place, ready } from '../../commands/program.ts';
import { shop } from '../../commands/projects.ts';
import { publishedSarif } from './published-sarif.ts';
import { finding, report, reports } from './report.ts';

let validate: ValidateFunction;
beforeAll(async () => {
  validate = await publishedSarif();
  await ready();
});
afterAll(clearPlaces);

const faults = (text: string) => (validate(JSON.parse(text)) ? [] : (validate.errors ?? []));

describe('by the published schema', () => {
  test.each(reports)('the report of %s holds', (_, one) => {
    expect(faults(sarif(one))).toEqual([]);
  });

  test('every rule of doctor holds, as code scanning wants it', () => {
    const one = report(rules.map(({ id, severity }) => finding({ rule: id, severity })));
    const text = sarif({ ...one, tool: { command: 'doctor', version: '1.2.3', rules: rules.map(described) } });
    expect(faults(text)).toEqual([]);
    expect(JSON.parse(text).runs[0].tool.driver.rules).toHaveLength(rules.length);
  });

  test.each([
    ['a key of our own', (log: object) => ({ ...log, colour: 'red' })],
    ['another version', (log: object) => ({ ...log, version: '2.0.0' })],
    ['a line 0', (log: object) => JSON.parse(JSON.stringify(log).replace('"startLine":12', '"startLine":0'))],
    ['an unknown level', (log: object) => JSON.parse(JSON.stringify(log).replace('"error"', '"fatal"'))],
  ])('%s does not: it can fail', (_, spoil) => {
    expect(faults(JSON.stringify(spoil(JSON.parse(sarif(report([finding()]))))))).not.toEqual([]);
  });
});

const pool = "import { Pool } from 'pg';\n\nconst pool = new Pool();\n";
const hole = `${pool}
export async function find(req, res) {
  res.json(await pool.query(\`SELECT * FROM users WHERE id = '\${req.query.id}'\`));
}
`;
const loose = `import https from 'node:https';

const agent = new https.Agent({ keepAlive: true, rejectUnauthorized: false });
export const pay = (headers, done) =>
  https.request('https://api.example.com/charges', { method: 'POST', headers, agent }, done).end();
`;
const calm = hole.replace(
  '  res.json',
  '  // backend-skills-ignore-next-line sec/sql-injection -- "ids" are <checked> ☂\n  res.json',
);

describe('what the program prints', () => {
  const manifest = JSON.stringify({ name: 'shop', type: 'module', dependencies: { express: '^5.1.0', pg: '^8.0.0' } });

  test('doctor: places, whole projects, odd paths, what is let be, fixes, failures', async () => {
    const host = place({
      'package.json': `${manifest}\n`,
      'src/server.js': "import express from 'express';\nimport './agent.js';\n\nconst app = express();\napp.listen(3000);\n",
      'src/[id]/größe & maß #1.js': hole,
      'src/calm.js': calm,
      'src/agent.js': loose,
      'src/broken.js': 'import { Pool } from "pg";\nnew Pool().query(`SELECT ${ }`\n',
    });
    const ran = await host.run(['doctor', '--format', 'sarif']);
    expect(ran.code, ran.stderr).toBe(3);
    expect(faults(ran.stdout)).toEqual([]);
    const [run] = JSON.parse(ran.stdout).runs;
    const of = (rule: string) => run.results.filter(({ ruleId }: { ruleId: string }) => ruleId === rule);
    const uris = of('sec/sql-injection').map(
      (result: { locations: { physicalLocation: { artifactLocation: { uri: string } } }[] }) =>
        decodeURIComponent(result.locations[0]?.physicalLocation.artifactLocation.uri ?? ''),
    );
    expect(uris).toEqual(['src/[id]/größe & maß #1.js', 'src/calm.js']);
    expect(of('sec/sql-injection')[1].suppressions[0].justification).toBe('"ids" are <checked> ☂');
    const [fix] = of('sec/tls-verify-off')[0].fixes;
    const [{ deletedRegion, insertedContent }] = fix.artifactChanges[0].replacements;
    const { startLine, startColumn, endColumn } = deletedRegion;
    const line = loose.split('\n')[startLine - 1] ?? '';
    const mended = line.slice(0, startColumn - 1) + (insertedContent?.text ?? '') + line.slice(endColumn - 1);
    expect(mended).toContain('rejectUnauthorized: true');
    expect(run.invocations[0].executionSuccessful).toBe(false);
  });

  test('check: of a module that has drifted, and of one that has not', async () => {
    const host = place(shop);
    await host.run([
      'add',
      'ping',
      '--path',
      '/ping',
      '--slot',
      'routes',
      '--greeting',
      'short',
      '--no-install',
      '--yes',
    ]);
    const clean = await host.run(['check', '--format', 'sarif']);
    expect(clean.code, clean.stderr).toBe(0);
    expect(faults(clean.stdout)).toEqual([]);
    host.write('src/server.ts', shop['src/server.ts'] ?? '');
    const drifted = await host.run(['check', '--format', 'sarif']);
    expect(drifted.code, drifted.stderr).toBe(1);
    expect(faults(drifted.stdout)).toEqual([]);
    expect(JSON.parse(drifted.stdout).runs[0].results).not.toEqual([]);
  });
});

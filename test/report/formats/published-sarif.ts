import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Ajv, type ValidateFunction } from 'ajv';
import { execa } from 'execa';
import { unpackTar } from 'modern-tar';
import { cached } from '../../services/cache.ts';
import { outsideEnvironment } from '../../services/outside.ts';

/** A package that carries the schema, and what its text hashes to. */
const from = '@microsoft/jest-sarif@1.0.0-beta.0';
const file = 'package/lib/schemas/sarif-2.1.0-rtm.5.json';
const hash = '2d99159ae54a3eea97f81781cff48780548657c35949f4b7f25e99a2ba4de4f8';

/**
 * The schema of SARIF 2.1.0 as it is published, fetched once by npm. Beside its name and dialect it differs from the
 * one that OASIS keeps in a single word: a suppression's `state` is called `status` in it, as in drafts before.
 */
export async function publishedSarif(): Promise<ValidateFunction> {
  const folder = await cached(join('schemas', `sarif-${hash.slice(0, 12)}`), async (draft) => {
    const env = { cwd: draft, env: outsideEnvironment(), extendEnv: false };
    const { stdout } = await execa('npm', ['pack', '--ignore-scripts', '--json', from], env);
    const [packed] = JSON.parse(stdout);
    const entries = await unpackTar(gunzipSync(readFileSync(join(draft, packed.filename))));
    const text = entries.find(({ header }) => header.name === file)?.data;
    if (text === undefined) throw new Error(`${from} holds no ${file}.`);
    writeFileSync(join(draft, 'sarif.json'), text);
  });
  const text = readFileSync(join(folder, 'sarif.json'), 'utf8');
  if (createHash('sha256').update(text).digest('hex') !== hash)
    throw new Error('This is another schema than expected.');
  const { id: _id, $schema: _dialect, ...schema } = JSON.parse(text);
  const { status: state, ...others } = schema.definitions.suppression.properties;
  schema.definitions.suppression.properties = { ...others, state };
  const ajv = new Ajv({ allErrors: true, strictTypes: false, unicodeRegExp: false });
  ajv.addFormat('uri', (value) => URL.canParse(value));
  ajv.addFormat(
    'uri-reference',
    (value) => /^[\w\-.~:/?#[\]@!$&'()*+,;=%]*$/.test(value) && URL.canParse(value, 'a:/'),
  );
  ajv.addFormat('date-time', (value) => !Number.isNaN(Date.parse(value)));
  return ajv.compile(schema);
}

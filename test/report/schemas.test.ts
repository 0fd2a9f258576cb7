import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { documents } from '../../src/report/documents.ts';
import { publishedSchemas, skillSchema } from '../../src/report/schemas.ts';

const templates = resolve(import.meta.dirname, '../../templates');
const example = resolve(import.meta.dirname, '../example-skill/skill.json');
const json = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
const validator = (schema: object) =>
  new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true }).compile(schema);

describe('the published JSON Schemas', () => {
  test('are one per document, and one each for the settings and the lock', () => {
    expect(Object.keys(publishedSchemas()).sort()).toEqual([...Object.keys(documents), 'lock', 'settings'].sort());
  });

  test.each(Object.entries(publishedSchemas()))(
    '%s is a schema that a validator takes, under its own name',
    (name, schema) => {
      expect(schema).toMatchObject({ $schema: expect.stringContaining('2020-12'), $id: `backend-skills/${name}/1` });
      expect(validator(schema)({ schema: 'backend-skills/other/1' })).toBe(false);
    },
  );
});

describe('the schema of a manifest', () => {
  const shipped = readdirSync(templates).filter((name) => existsSync(`${templates}/${name}/skill.json`));
  const manifests = [...shipped.map((name) => `${templates}/${name}/skill.json`), example];

  test('in templates/ is what the manifest is read by (`npm run schema` writes it)', () => {
    expect(json(`${templates}/skill.schema.json`)).toEqual(JSON.parse(JSON.stringify(skillSchema())));
  });

  test.each(manifests)('accepts %s, which names it', (path) => {
    const validate = validator(skillSchema());
    expect(validate(json(path)), JSON.stringify(validate.errors)).toBe(true);
    const { $schema } = json(path) as { $schema: string };
    expect(resolve(path, '..', $schema)).toBe(`${templates}/skill.schema.json`);
  });

  test.each([
    ['an unknown key', { colour: 'red' }],
    ['an id with capitals', { id: 'Ping' }],
    ['a framework that is not supported', { frameworks: ['koa'] }],
    ['no files', { files: [] }],
    ['a version that is none', { version: '1' }],
  ])('refuses %s', (_, change) => {
    const good = json(example) as object;
    expect(validator(skillSchema())({ ...good, ...change })).toBe(false);
  });
});

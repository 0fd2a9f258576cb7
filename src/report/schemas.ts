import { toJsonSchema } from '@valibot/to-json-schema';
import type { GenericSchema } from 'valibot';
import { lockSchema } from '../lock/schema.ts';
import { settingsSchema } from '../settings/schema.ts';
import { manifestSchema } from '../skills/schema.ts';
import { documents } from './documents.ts';

/** A JSON Schema, as it is published. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The JSON Schemas of what we print and record, by name: one per `--json` document, the settings and the lock. */
export const publishedSchemas = (): Readonly<Record<string, JsonSchema>> => ({
  ...Object.fromEntries(
    Object.entries(documents).map(([name, schema]) => [
      name,
      schemaOf(schema, `backend-skills/${name}/1`, `What --json prints: ${name}`),
    ]),
  ),
  settings: schemaOf(settingsSchema, 'backend-skills/settings/1', 'The settings of a project: backend-skills.json'),
  lock: schemaOf(lockSchema, 'backend-skills/lock/1', 'The record of what was added: .backend-skills/lock.json'),
});

/** The JSON Schema of a skill's manifest, for editors: templates/skill.schema.json. */
export const skillSchema = (): JsonSchema =>
  schemaOf(manifestSchema, 'backend-skills/manifest/1', 'A skill of backend-skills: skill.json');

function schemaOf(schema: GenericSchema, id: string, title: string): JsonSchema {
  const { $schema, ...rest } = toJsonSchema(schema, { target: 'draft-2020-12', errorMode: 'throw' });
  return { $schema, $id: id, title, ...rest };
}

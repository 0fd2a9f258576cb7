import * as v from 'valibot';

/** The manifest's closed vocabulary: `templates/<skill>/skill.json`. Unknown keys are errors. */

const scalar = v.union([v.string(), v.number(), v.boolean()]);
const when = v.record(v.string(), v.union([scalar, v.array(scalar)]));
const frameworkId = v.picklist(['express', 'fastify', 'hono', 'nest', 'next']);
const identifier = v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]*$/));

const option = v.strictObject({
  label: v.string(),
  unless: v.optional(v.array(v.strictObject({ when, because: v.string() }))),
});

const choice = v.strictObject({
  ask: v.string(),
  kind: v.picklist(['one', 'many', 'text', 'flag']),
  options: v.optional(v.record(v.string(), option)),
  pattern: v.optional(v.string()),
  defaults: v.pipe(
    v.array(
      v.strictObject({
        when: v.optional(when),
        value: v.union([v.string(), v.boolean(), v.array(v.string())]),
        because: v.string(),
      }),
    ),
    v.minLength(1),
  ),
  when: v.optional(when),
  grows: v.optional(v.boolean()),
});

const file = v.strictObject({
  from: v.string(),
  to: v.string(),
  when: v.optional(when),
  each: v.optional(v.string()),
  kind: v.picklist(['managed', 'owned']),
});

export const manifestSchema = v.strictObject({
  $schema: v.optional(v.string()),
  id: identifier,
  aliases: v.array(identifier),
  title: v.string(),
  summary: v.string(),
  version: v.pipe(v.string(), v.regex(/^\d+\.\d+\.\d+$/)),
  frameworks: v.pipe(v.array(frameworkId), v.minLength(1)),
  folder: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]+$/)),
  choices: v.record(identifier, choice),
  files: v.pipe(v.array(file), v.minLength(1)),
  docs: v.array(v.string()),
  wire: v.array(
    v.strictObject({
      slot: v.picklist(['first', 'raw', 'routes']),
      name: v.pipe(v.string(), v.regex(/^[A-Za-z_$][\w$]*$/)),
      from: v.string(),
      mount: v.nullable(v.string()),
      endpoints: v.array(v.string()),
      when: v.optional(when),
    }),
  ),
  dependencies: v.array(
    v.strictObject({
      name: v.string(),
      range: v.optional(v.string()),
      dev: v.optional(v.boolean()),
      when: v.optional(when),
    }),
  ),
  env: v.array(
    v.strictObject({
      name: v.pipe(v.string(), v.regex(/^[A-Z][A-Z0-9_]*$/)),
      example: v.string(),
      why: v.string(),
      required: v.boolean(),
      when: v.optional(when),
    }),
  ),
  scripts: v.array(v.strictObject({ name: v.string(), run: v.string(), when: v.optional(when) })),
  next: v.array(v.strictObject({ text: v.string(), when: v.optional(when) })),
  pairs: v.array(identifier),
});

export type Manifest = v.InferOutput<typeof manifestSchema>;

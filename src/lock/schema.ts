import * as v from 'valibot';

/** The lock's shape, read as untrusted input: `.backend-skills/lock.json`. */

const text = v.string();
const strings = v.array(text);
const file = { file: text, was: v.optional(text) };
const style = v.picklist(['esm', 'cjs']);
const anchor = v.strictObject({ position: v.picklist(['before', 'after']), statement: text, nth: v.number() });
const path = { path: strings };

const target = v.union([
  v.strictObject({ call: text, nth: v.number(), argument: v.number(), ...path }),
  v.strictObject({ variable: text, ...path }),
  v.strictObject({ decorator: text, on: text, ...path }),
]);

type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };
const json: v.GenericSchema<JsonValue> = v.lazy(() =>
  v.union([text, v.number(), v.boolean(), v.null(), v.array(json), v.record(text, json)]),
);

const op = v.variant('op', [
  v.strictObject({ ...file, op: v.literal('import'), from: text, names: strings, style }),
  v.strictObject({
    ...file,
    op: v.literal('statement'),
    text,
    anchor,
    slot: v.optional(v.picklist(['first', 'raw', 'routes'])),
  }),
  v.strictObject({ ...file, op: v.literal('chain'), text, root: text, nth: v.number() }),
  v.strictObject({ ...file, op: v.literal('argument'), call: text, nth: v.number(), argument: v.number(), text }),
  v.strictObject({ ...file, op: v.literal('property'), target, key: text, value: text }),
  v.strictObject({ ...file, op: v.literal('element'), target, text }),
  v.strictObject({ ...file, op: v.literal('json'), path: strings, value: json }),
  v.strictObject({ ...file, op: v.literal('line'), text, comment: v.nullable(text) }),
]);

const step = v.strictObject({
  title: text,
  file: v.nullable(text),
  place: text,
  lines: strings,
  done: v.union([v.strictObject({ imports: text }), v.strictObject({ file: text, text })]),
});

const hash = v.pipe(text, v.regex(/^[0-9a-f]{64}$/));

const entry = v.strictObject({
  version: text,
  source: v.optional(v.strictObject({ from: text, resolved: text, hash })),
  choices: v.record(text, v.union([text, v.boolean(), strings])),
  stamp: v.pipe(text, v.regex(/^\d{14}$/)),
  files: v.array(v.strictObject({ path: text, kind: v.picklist(['managed', 'owned']), hash, rendered: hash })),
  ops: v.array(v.strictObject({ op, standing: v.picklist(['done', 'already']) })),
  steps: v.array(step),
  created: strings,
});

export const lockSchema = v.strictObject({
  version: v.literal(1),
  integrity: text,
  skills: v.record(text, entry),
  patched: v.record(text, hash),
});

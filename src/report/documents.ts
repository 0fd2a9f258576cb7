import * as v from 'valibot';

/**
 * The shapes of what `--json` prints, one document per run on standard output. Each names its schema and version;
 * the JSON Schemas that are published are made from these.
 */

const text = v.string();
const nullable = v.nullable;
const choices = v.record(text, v.union([text, v.boolean(), v.array(text)]));
const step = v.object({ title: text, file: nullable(text), place: text, lines: v.array(text) });
const obstacle = v.object({ kind: text, file: text, line: v.number(), message: text, fix: nullable(text) });
const evidence = v.object({ file: nullable(text), line: nullable(v.number()), reason: text, confidence: text });

const plan = v.object({
  skill: text,
  /** Of a skill that does not ship with us: where it came from, exactly, and the sha256 of its content. */
  source: nullable(v.object({ from: text, resolved: text, hash: text })),
  choices: nullable(choices),
  changes: v.array(v.object({ path: text, action: v.picklist(['create', 'update', 'delete']), diff: text })),
  commands: v.array(v.object({ kind: text, text })),
  endpoints: v.array(text),
  methods: v.record(text, text),
  steps: v.array(step),
  obstacles: v.array(obstacle),
  notes: v.array(text),
  conflicts: v.array(v.object({ path: text, message: text })),
  open: v.array(text),
  next: v.array(text),
});

const option = v.object({ value: text, label: text, works: v.boolean(), because: nullable(text) });

export const documents = {
  plan: v.object({
    schema: v.literal('backend-skills/plan/1'),
    verb: v.picklist(['add', 'update', 'remove', 'undo', 'init', 'fix']),
    applied: v.boolean(),
    verified: nullable(v.boolean()),
    repeat: nullable(text),
    plans: v.array(plan),
  }),
  findings: v.object({
    schema: v.literal('backend-skills/findings/1'),
    tool: v.picklist(['check', 'doctor']),
    complete: v.boolean(),
    failures: v.array(text),
    findings: v.array(
      v.object({
        rule: text,
        severity: v.picklist(['error', 'warning', 'info']),
        confidence: v.picklist(['certain', 'likely', 'hint']),
        package: nullable(text),
        path: nullable(text),
        line: nullable(v.number()),
        endLine: nullable(v.number()),
        column: nullable(v.number()),
        endColumn: nullable(v.number()),
        message: text,
        also: v.array(
          v.object({
            path: text,
            line: nullable(v.number()),
            endLine: nullable(v.number()),
            column: nullable(v.number()),
            endColumn: nullable(v.number()),
          }),
        ),
        fix: text,
        fingerprint: text,
        suppressed: nullable(v.object({ kind: v.picklist(['inSource', 'external']), justification: text })),
      }),
    ),
  }),
  profile: v.object({
    schema: v.literal('backend-skills/profile/1'),
    name: text,
    facts: v.record(
      text,
      v.object({ value: v.any(), evidence, rivals: v.array(v.object({ value: v.any(), evidence })) }),
    ),
    site: v.nullable(
      v.object({
        file: nullable(text),
        app: nullable(text),
        prefix: nullable(text),
        unplaced: nullable(text),
        obstacles: v.array(obstacle),
      }),
    ),
  }),
  skills: v.object({
    schema: v.literal('backend-skills/skills/1'),
    skills: v.array(
      v.object({
        id: text,
        title: text,
        summary: text,
        version: text,
        aliases: v.array(text),
        installed: nullable(text),
        fits: nullable(v.boolean()),
        because: nullable(text),
      }),
    ),
  }),
  skill: v.object({
    schema: v.literal('backend-skills/skill/1'),
    id: text,
    title: text,
    summary: text,
    version: text,
    aliases: v.array(text),
    frameworks: v.array(text),
    pairs: v.array(text),
    choices: v.array(
      v.object({
        name: text,
        ask: text,
        kind: text,
        value: nullable(v.any()),
        because: nullable(text),
        options: v.array(option),
      }),
    ),
    files: v.array(text),
    env: v.array(v.object({ name: text, why: text })),
    dependencies: v.array(text),
  }),
  diff: v.object({
    schema: v.literal('backend-skills/diff/1'),
    against: v.picklist(['written', 'update']),
    files: v.array(
      v.object({
        skill: text,
        path: text,
        standing: v.picklist(['edited', 'missing', 'outdated', 'diverged', 'conflict', 'new', 'removed', 'wiring']),
        diff: text,
      }),
    ),
  }),
  'skill-new': v.object({
    schema: v.literal('backend-skills/skill-new/1'),
    id: text,
    folder: text,
    files: v.array(text),
  }),
  'skill-validation': v.object({
    schema: v.literal('backend-skills/skill-validation/1'),
    folder: text,
    valid: v.boolean(),
    hash: text,
    faults: v.array(text),
  }),
  'skill-test': v.object({
    schema: v.literal('backend-skills/skill-test/1'),
    id: text,
    hash: text,
    hosts: v.array(
      v.object({
        host: text,
        framework: nullable(text),
        /** How many sets of choices were tried; 0 where the skill is not offered. */
        runs: v.number(),
        broken: v.array(v.object({ law: text, choices, detail: text })),
      }),
    ),
  }),
  rules: v.object({
    schema: v.literal('backend-skills/rules/1'),
    rules: v.array(
      v.object({
        id: text,
        since: text,
        severity: v.picklist(['error', 'warning', 'info']),
        confidence: v.picklist(['certain', 'likely', 'hint']),
        title: text,
        why: text,
        remedy: text,
      }),
    ),
  }),
  why: v.object({
    schema: v.literal('backend-skills/why/1'),
    path: text,
    line: nullable(v.number()),
    findings: v.array(
      v.object({ rule: text, line: nullable(v.number()), message: text, why: text, suppressed: nullable(text) }),
    ),
    silent: v.array(v.object({ rule: text, because: text })),
  }),
  error: v.object({
    schema: v.literal('backend-skills/error/1'),
    message: text,
    hint: text,
    exitCode: v.number(),
  }),
} as const;

export type Document = { [K in keyof typeof documents]: v.InferOutput<(typeof documents)[K]> };

import type { Host, Op, SkillEnv } from '../model.ts';

const examples = [
  '.env.example',
  '.env.sample',
  '.env.template',
  '.env.dist',
  'env.example',
  'example.env',
  '.env.defaults',
];

/**
 * Ops that document a skill's variables: in the host's example file (made where there is none), as empty names in an
 * existing `.env` or `.dev.vars`, and in the host's env schema, as optional so that the host still boots without them
 * (the module itself fails closed). Never a value that could pass for a secret.
 */
export function environmentOps(env: readonly SkillEnv[], host: Host): Op[] {
  if (env.length === 0) return [];
  const { tree, profile } = host;
  const example = examples.find((file) => tree.has(file)) ?? exampleFor(profile.runtime.value === 'workers');
  const local = ['.env', '.dev.vars'].filter((file) => tree.has(file));
  return env.flatMap((variable): Op[] => [
    { op: 'line', file: example, text: `${variable.name}=${variable.example}`, comment: `# ${variable.why}` },
    ...local.map((file): Op => ({ op: 'line', file, text: `${variable.name}=`, comment: null })),
    ...schemaOps(variable, host),
  ]);
}

const exampleFor = (workers: boolean): string => (workers ? '.dev.vars.example' : '.env.example');

const optional = {
  zod: 'z.string().min(1).optional()',
  't3-env': 'z.string().min(1).optional()',
  envalid: "str({ default: '' })",
  joi: 'Joi.string().min(1)',
} as const;

function schemaOps({ name }: SkillEnv, { profile }: Host): Op[] {
  const schema = profile.envSchema.value;
  if (schema === null || schema.target === null) return [];
  const value = optional[schema.library];
  const ops: Op[] = [{ op: 'property', file: schema.file, target: schema.target, key: name, value }];
  // createEnv wants each server variable named a second time, unless the host hands it process.env as a whole.
  if (schema.library === 't3-env' && schema.runtimeEnv !== null) {
    ops.push({ op: 'property', file: schema.file, target: schema.runtimeEnv, key: name, value: `process.env.${name}` });
  }
  return ops;
}

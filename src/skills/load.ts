import * as v from 'valibot';
import { UserError } from '../errors.ts';
import type { Skill, SkillFile, When } from '../model.ts';
import { templateVariables } from '../text/render.ts';
import { contextNames } from './context.ts';
import { factNames } from './facts.ts';
import { type Manifest, manifestSchema } from './schema.ts';

/**
 * A skill from the texts of its folder (path → text, 'skill.json' among them). Everything that could fail at render
 * time is refused here: unknown keys and variables, files named and absent, files present and unnamed.
 * Throws a UserError that names the skill and the first fault.
 */
export function loadSkill(folder: string, texts: ReadonlyMap<string, string>): Skill {
  const fault = (message: string) =>
    new UserError(
      `The skill "${folder}" is not valid: ${message}`,
      'Correct its skill.json or its files and try again.',
    );
  const manifest = readManifest(texts.get('skill.json'), fault);
  const first = faultsInSkill(manifest, texts)[0];
  if (first !== undefined) throw fault(first);
  return asSkill(manifest, texts);
}

/** Everything that is wrong with a skill whose manifest could be read. */
export const faultsInSkill = (manifest: Manifest, texts: ReadonlyMap<string, string>): string[] => [
  ...faultsInConditions(manifest),
  ...faultsInFiles(manifest, texts),
  ...faultsInTemplates(manifest, texts),
];

/** A skill whose manifest was read and whose folder is known to be sound: one of ours, which the tests have loaded. */
export function asSkill({ $schema: _, ...manifest }: Manifest, texts: ReadonlyMap<string, string>): Skill {
  return { ...(manifest as Omit<Skill, 'texts'>), texts };
}

/** Only the manifest, checked against the vocabulary: enough for `list` and for the command line's flags. */
export function readManifest(text: string | undefined, fault: (message: string) => Error): Manifest {
  if (text === undefined) throw fault('it has no skill.json.');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw fault(`skill.json is not JSON (${(error as Error).message}).`);
  }
  const result = v.safeParse(manifestSchema, json);
  if (result.success) return result.output;
  const issue = result.issues[0];
  throw fault(`skill.json, at "${v.getDotPath(issue) ?? ''}": ${issue.message}.`);
}

function faultsInConditions(manifest: Manifest): string[] {
  const known = new Set<string>([...factNames, ...Object.keys(manifest.choices), 'each']);
  return conditionsOf(manifest).flatMap((when) =>
    Object.keys(when)
      .filter((key) => !known.has(key))
      .map((key) => `a "when" asks for "${key}", which is neither a choice nor a fact.`),
  );
}

function conditionsOf(manifest: Manifest): When[] {
  const { choices, files, wire, dependencies, env, scripts, next } = manifest;
  const inChoices = Object.values(choices).flatMap((choice) => [
    choice.when,
    ...choice.defaults.map((row) => row.when),
    ...Object.values(choice.options ?? {}).flatMap((option) => option.unless?.map((row) => row.when) ?? []),
  ]);
  const inRows = [files, wire, dependencies, env, scripts, next].flatMap((rows) => rows.map((row) => row.when));
  return [...inChoices, ...inRows].filter((when) => when !== undefined);
}

function faultsInFiles(manifest: Manifest, texts: ReadonlyMap<string, string>): string[] {
  const named = manifest.files.map((file) => ({ file, pattern: patternOf(file, manifest) }));
  const paths = [...texts.keys()].filter((path) => path !== 'skill.json');
  const absent = [
    ...named.filter(({ pattern }) => !paths.some((path) => pattern.test(path))).map(({ file }) => file.from),
    ...manifest.docs.filter((path) => !texts.has(path)),
  ];
  const unnamed = paths.filter(
    (path) => !manifest.docs.includes(path) && !named.some(({ pattern }) => pattern.test(path)),
  );
  return [
    ...absent.map((path) => `"${path}" is named in skill.json and is not there.`),
    ...unnamed.map((path) => `"${path}" is there and skill.json does not name it.`),
  ];
}

/** `express/{{each}}.ts` as an expression over the paths that it can mean. */
function patternOf(file: SkillFile | Manifest['files'][number], manifest: Manifest): RegExp {
  const values = (name: string): string[] => {
    if (name === 'framework') return [...manifest.frameworks];
    const choice = name === 'each' ? file.each : name;
    return Object.keys((choice === undefined ? undefined : manifest.choices[choice]?.options) ?? {});
  };
  const parts = file.from.split(/\{\{\s*([\w-]+)\s*\}\}/);
  const source = parts.map((part, index) => {
    if (index % 2 === 0) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const options = values(part);
    return options.length > 0 ? `(?:${options.join('|')})` : '[\\w-]+';
  });
  return new RegExp(`^${source.join('')}$`);
}

function faultsInTemplates(manifest: Manifest, texts: ReadonlyMap<string, string>): string[] {
  const known = new Set<string>([...contextNames, ...Object.keys(manifest.choices)]);
  const templates = [...texts].filter(([path]) => path.endsWith('.hbs'));
  const paths = manifest.files.flatMap(({ from, to }) => [from, to]).map((path) => [path, path] as const);
  return [...templates, ...paths].flatMap(([name, text]) => {
    try {
      return templateVariables(text)
        .filter((variable) => !known.has(variable))
        .map((variable) => `"${name}" uses {{${variable}}}, which nothing defines.`);
    } catch (error) {
      return [`"${name}" cannot be read as a template: ${(error as Error).message}`];
    }
  });
}

import * as v from 'valibot';
import { demandJson, readJson } from '../detect/json.ts';
import { UserError } from '../errors.ts';
import type { Choices, Surroundings, Tree } from '../model.ts';
import { nearest } from '../skills/nearest.ts';
import { isSafePath } from '../text/path.ts';
import type { Ignore } from './ignore.ts';
import { type SettingsFile, settingsSchema } from './schema.ts';

export const settingsPath = 'backend-skills.json';

/** The settings that hold in a project: those of its package over those of the workspace's root. */
export interface Settings {
  /** The folder that new modules go to; null where the project's own layout decides. */
  folder: string | null;
  /** Answers by skill and choice. */
  defaults: Readonly<Record<string, Choices>>;
  check: Reporting;
  doctor: Reporting & { exclude: readonly string[] };
}

/** What is null or empty is for the flags and the defaults to say. */
export interface Reporting {
  format: NonNullable<SettingsFile['check']>['format'] | null;
  failOn: NonNullable<SettingsFile['check']>['failOn'] | null;
  strict: boolean;
  ignore: readonly Ignore[];
}

/** Reads the settings. Throws a UserError that names the file and the key where one is not as it should be. */
export function readSettings(tree: Tree, { workspace }: Pick<Surroundings, 'workspace'>): Settings {
  const own = fileIn(tree, settingsPath);
  const above = workspace === null ? {} : fileIn(workspace.tree, `${settingsPath} of the workspace’s root`);
  const defaults = { ...above.defaults };
  for (const [skill, choices] of Object.entries(own.defaults ?? {}))
    defaults[skill] = { ...defaults[skill], ...choices };
  return {
    folder: own.folder ?? above.folder ?? null,
    defaults,
    check: reportingOf(above.check, own.check),
    doctor: {
      ...reportingOf(above.doctor, own.doctor),
      exclude: [...(above.doctor?.exclude ?? []), ...(own.doctor?.exclude ?? [])],
    },
  };
}

function reportingOf(above: SettingsFile['check'], own: SettingsFile['check']): Reporting {
  const ignore = [...(above?.ignore ?? []), ...(own?.ignore ?? [])];
  return {
    format: own?.format ?? above?.format ?? null,
    failOn: own?.failOn ?? above?.failOn ?? null,
    strict: own?.strict ?? above?.strict ?? false,
    ignore: ignore.map((each) => {
      const { rule, path, because } = typeof each === 'string' ? { rule: each } : each;
      return { rule, path: path ?? null, because: because ?? `${settingsPath} lets it be` };
    }),
  };
}

function fileIn(tree: Tree, called: string): SettingsFile {
  if (!tree.has(settingsPath)) return {};
  demandJson(tree, settingsPath, false);
  const parsed = v.safeParse(settingsSchema, readJson(tree, settingsPath), { abortPipeEarly: true });
  if (!parsed.success) throw faultOf(parsed.issues[0], called);
  const { folder } = parsed.output;
  if (folder !== undefined && !isSafePath(folder))
    throw bad(called, 'folder', `"${folder}" is not a folder in the project`, 'Give a path such as src/modules.');
  return parsed.output;
}

type Issue = v.InferIssue<typeof settingsSchema>;

function faultOf(issue: Issue, called: string): UserError {
  const { keys, expected, received } = deepest(issue);
  const key = keys.join('.');
  if (expected === 'never') {
    const known = keysBeside(keys);
    const match = nearest(keys.at(-1) ?? '', known);
    const hint = match === null ? `The keys there are: ${known.join(', ')}.` : `Did you mean "${match}"?`;
    return bad(called, key, 'there is no such key', hint);
  }
  if (received === 'undefined') return bad(called, key, 'it is missing', `Add "${keys.at(-1)}".`);
  return bad(called, key, `${inWords(received)} does not belong there`, `It must be ${inWords(expected)}.`);
}

interface Fault {
  keys: string[];
  expected: string;
  received: string;
}

/** Of what was tried in turn (a text, or an object), the one that got furthest. */
function deepest({ path, issues, expected, received }: v.BaseIssue<unknown>): Fault {
  const keys = (path ?? []).map(({ key }) => String(key));
  const [furthest] = (issues ?? []).map(deepest).sort((a, b) => rank(b) - rank(a));
  if (furthest === undefined || furthest.keys.length === 0) return { keys, expected: expected ?? '', received };
  return { ...furthest, keys: [...keys, ...furthest.keys] };
}

/** A key that is not known says more than one that is missing: it may be that one, misspelt. */
const rank = ({ keys, expected }: Fault): number => keys.length * 2 + (expected === 'never' ? 1 : 0);

const words: Readonly<Record<string, string>> = {
  Object: 'an object',
  Array: 'a list',
  string: 'a text',
  boolean: 'true or false',
  null: 'what is there',
  '0': 'an empty text',
  '>=1': 'a text that is not empty',
};

/** What the schema's library calls a value, as a user would: '("a" | "b")' is `a or b`. */
const inWords = (value: string): string =>
  value
    .replace(/^\((.*)\)$/, '$1')
    .split(' | ')
    .map((each) => words[each] ?? (value.startsWith('(') ? each.replaceAll('"', '') : each))
    .join(' or ');

/** The keys that the object of an unknown key may have. */
function keysBeside([section, ...keys]: readonly string[]): string[] {
  if (keys.length > 1) return ['rule', 'path', 'because'];
  if (section !== undefined && keys.length === 1 && (section === 'check' || section === 'doctor'))
    return Object.keys(settingsSchema.entries[section].wrapped.entries);
  return Object.keys(settingsSchema.entries);
}

const bad = (called: string, key: string, fault: string, hint: string): UserError =>
  new UserError(`${called}${key === '' ? '' : `, at "${key}"`}: ${fault}.`, hint);

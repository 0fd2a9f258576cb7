import { isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml';
import { perFile } from '../../detect/remember.ts';
import type { Project } from '../project.ts';
import type { Spot } from '../rule.ts';

/** A value of a YAML document, with its place. */
export interface YamlValue {
  spot: Spot;
  /** Offsets of the value as it is written. */
  raw: { start: number; end: number };
  /** A mapping's value by its key; null for none. */
  get(...keys: readonly string[]): YamlValue | null;
  /** A sequence's items; none for anything else. */
  items(): YamlValue[];
  /** A mapping's keys and values. */
  entries(): [string, YamlValue][];
  /** A scalar as text; null for anything else. */
  text(): string | null;
  /** As plain data. */
  plain(): unknown;
}

/** The documents of a YAML file; none where it does not exist or is broken (templates of Helm, for one). */
export const yamlDocuments = perFile((project: Project, path: string): readonly YamlValue[] => {
  const text = project.tree.read(path);
  return text === null ? [] : read(path, text);
});

function read(path: string, text: string): YamlValue[] {
  const lineCounter = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter, uniqueKeys: false, logLevel: 'silent' });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document) =>
    document.errors.length > 0 || !document.contents ? [] : [valueAt(document.contents, path, lineCounter)],
  );
}

function valueAt(node: Node, path: string, counter: LineCounter): YamlValue {
  const wrapped = (one: unknown): YamlValue | null =>
    isMap(one) || isSeq(one) || isScalar(one) ? valueAt(one, path, counter) : null;
  const value: YamlValue = {
    spot: { path, line: counter.linePos(node.range?.[0] ?? 0).line },
    raw: { start: node.range?.[0] ?? 0, end: node.range?.[1] ?? 0 },
    get(...keys) {
      const [key, ...rest] = keys;
      if (key === undefined) return value;
      const pair = isMap(node)
        ? node.items.find((one) => isScalar(one.key) && String(one.key.value) === key)
        : undefined;
      return wrapped(pair?.value)?.get(...rest) ?? null;
    },
    items: () => (isSeq(node) ? node.items.flatMap((one) => wrapped(one) ?? []) : []),
    entries: () =>
      isMap(node)
        ? node.items.flatMap((one): [string, YamlValue][] => {
            const inner = wrapped(one.value);
            return inner && isScalar(one.key) ? [[String(one.key.value), inner]] : [];
          })
        : [],
    text: () => (isScalar(node) && node.value !== null ? String(node.value) : null),
    plain: () => node.toJSON(),
  };
  return value;
}

/** The project's YAML files by their names. */
export const yamlFiles = (project: Project, named: RegExp): string[] =>
  project.files.filter((path) => /\.ya?ml$/.test(path) && named.test(path));

/** The workflows of CI: GitHub runs those at the repository's root and no others. */
export const workflowFiles = (project: Project): string[] =>
  project.around !== null && project.around.folder !== '' ? [] : yamlFiles(project, /^\.github\/workflows\//);

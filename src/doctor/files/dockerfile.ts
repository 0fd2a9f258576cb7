import { DockerfileParser, type Instruction } from 'dockerfile-ast';
import type { Project } from '../project.ts';
import type { Spot } from '../rule.ts';

/** One instruction of a Dockerfile. */
export interface Step {
  /** In capitals: 'RUN', 'CMD', 'COPY' … */
  keyword: string;
  /** What stands behind the keyword, continued lines joined by spaces. */
  text: string;
  /** The words of the JSON form (`CMD ["node", "x"]`); null for the shell form. */
  words: readonly string[] | null;
  spot: Spot;
  /** Offsets of what stands behind the keyword, as it is written. */
  raw: { start: number; end: number };
}

/** A stage: what it is built from and what it does. */
export interface Stage {
  /** The image as it is named, 'node:22-slim'; the name of an earlier stage where it is one. */
  image: string;
  /** The same as it is written, without the defaults of ARG. */
  written: string;
  name: string | null;
  steps: readonly Step[];
  spot: Spot;
}

export interface Dockerfile {
  path: string;
  text: string;
  /** ARG before the first FROM. */
  globals: readonly Step[];
  stages: readonly Stage[];
}

/** Pages that tell of an image, and programs that are named after it. */
const ofText = /\.(mdx?|markdown|txt|rst|adoc|html?|[cm]?[jt]sx?|vue|svelte|json|ya?ml|lock|orig|bak)$/i;
const named = /(^|\/)(Dockerfile|Containerfile)(\.[\w.-]+)?$|\.dockerfile$|(^|\/)[\w-]*docker\w*file[\w-]*$/i;
/** Images that are for a developer's machine or for tests: nobody deploys them. */
const forOthers =
  /(^|[/._-])(test|tests|testing|e2e|integration|dev|development|debug|local|ci|maildev|devcontainer)([/._-]|$)|\.(bak|back|old|orig|disabled|hbs|tmpl|tpl|j2|ejs|mustache|njk|dockerignore)$/i;
const known = new WeakMap<Project, readonly Dockerfile[]>();

/** True for the path of what is for development or for tests, or is filled in first. */
export const isForOthers = (path: string): boolean => forOthers.test(path);

/** True for the path of a Dockerfile, but of one for development and tests. */
export const isImageFile = (path: string): boolean => named.test(path) && !ofText.test(path) && !isForOthers(path);

/** The project's Dockerfiles, parsed. Those that build nothing (no FROM), and those for development and tests, are left out. */
export function dockerfiles(project: Project): readonly Dockerfile[] {
  const before = known.get(project);
  if (before) return before;
  const files = project.files.flatMap((path): Dockerfile[] => {
    const text = isImageFile(path) ? project.tree.read(path) : null;
    const file = text === null ? null : read(path, text);
    return file && file.stages.length > 0 ? [file] : [];
  });
  known.set(project, files);
  return files;
}

function read(path: string, text: string): Dockerfile {
  const lines = text.split(/\r?\n/);
  const globals: Step[] = [];
  const stages: (Stage & { steps: Step[] })[] = [];
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    const step = stepOf(path, text, lines, instruction);
    if (step.keyword !== 'FROM') {
      const last = stages.at(-1);
      (last ? last.steps : globals).push(step);
      continue;
    }
    const [, image = '', name = null] = /^(?:--\S+\s+)*(\S+)(?:\s+as\s+(\S+))?/i.exec(step.text) ?? [];
    stages.push({ image: withDefaults(image, globals), written: image, name, steps: [], spot: step.spot });
  }
  return { path, text, globals, stages };
}

function stepOf(path: string, all: string, lines: readonly string[], instruction: Instruction): Step {
  const { start, end } = instruction.getRange();
  const keyword = instruction.getKeyword();
  const whole = lines
    .slice(start.line, end.line + 1)
    .map((line, n, all) => (n === all.length - 1 ? line.slice(0, end.character) : line));
  const raw = whole
    .join('\n')
    .slice(start.character + keyword.length)
    .trim();
  const text = raw.replace(/\\\n(\s*#[^\n]*\n)*\s*/g, ' ');
  return { keyword, text, words: jsonWords(text), spot: { path, line: start.line + 1 }, raw: rawOf(all, instruction) };
}

/** Where the words behind an instruction's keyword start and end in the file's text. */
function rawOf(text: string, instruction: Instruction): { start: number; end: number } {
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const { start, end } = instruction.getRange();
  const from = (starts[start.line] ?? 0) + start.character + instruction.getKeyword().length;
  const words = text.slice(from, (starts[end.line] ?? 0) + end.character);
  return { start: from + words.length - words.trimStart().length, end: from + words.trimEnd().length };
}

function jsonWords(text: string): string[] | null {
  if (!text.startsWith('[')) return null;
  try {
    const words: unknown = JSON.parse(text);
    return Array.isArray(words) ? words.map(String) : null;
  } catch {
    return null;
  }
}

/** `node:${NODE_VERSION}` with the default of the ARG above. */
const withDefaults = (image: string, globals: readonly Step[]): string =>
  image.replace(/\$\{?(\w+)(?::-([^}]*))?\}?/g, (whole, name: string, otherwise: string | undefined) => {
    const value = globals
      .map(({ text }) => new RegExp(`^${name}=(.*)$`).exec(text)?.[1])
      .find((one) => one !== undefined);
    return value?.replace(/^["']|["']$/g, '') ?? otherwise ?? whole;
  });

/** The stage that is run: the last, with those that it is built from, the nearest first. */
export function finalStages({ stages }: Dockerfile): Stage[] {
  const chain: Stage[] = [];
  for (let stage = stages.at(-1); stage && !chain.includes(stage); ) {
    chain.push(stage);
    const { image }: Stage = stage;
    stage = stages.find(({ name }) => name !== null && name.toLowerCase() === image.toLowerCase());
  }
  return chain;
}

/**
 * The same of a file that images of several programs are built from, by their names: of the last that takes requests, where
 * the last of all takes none.
 */
export function servingStages(file: Dockerfile): Stage[] {
  const { stages } = file;
  const bases = new Set(stages.map(({ image }) => image.toLowerCase()));
  const chains = stages
    .filter(({ name }, at) => at === stages.length - 1 || (name !== null && !bases.has(name.toLowerCase())))
    .map((stage) => finalStages({ ...file, stages: stages.slice(0, stages.indexOf(stage) + 1) }))
    .filter((chain) => !isCopiedFrom(file, chain[0]))
    .reverse();
  const serves = (chain: readonly Stage[]): boolean =>
    chain.some(({ steps }) => steps.some(({ keyword }) => keyword === 'EXPOSE'));
  return chains.find(serves) ?? finalStages(file);
}

const isCopiedFrom = ({ stages }: Dockerfile, stage: Stage | undefined): boolean =>
  stages.some(({ steps }) =>
    steps.some(({ text }) => stage?.name !== null && /--from=(\S+)/.exec(text)?.[1] === stage?.name),
  );

/** What the image that is run starts: its entry point and its command, the nearest of each. */
export function startOf(
  file: Dockerfile,
  chain: readonly Stage[] = finalStages(file),
): { entry: Step | null; command: Step | null } {
  const steps = chain.flatMap((stage) => [...stage.steps].reverse());
  const nearest = (keyword: string): Step | null => steps.find((step) => step.keyword === keyword) ?? null;
  return { entry: nearest('ENTRYPOINT'), command: nearest('CMD') };
}

/** The project's own script that a step starts: its path and text; null where it starts something else. */
export function scriptOf(project: Project, step: Step | null): { path: string; text: string } | null {
  const program =
    step?.words?.find((word) => !/^(-\w+|--|(\/usr)?(\/s?bin\/)?(sh|bash|ash|tini|dumb-init))$/.test(word)) ??
    step?.text;
  const name = /([\w.-]+\.sh|[\w.-]*entrypoint[\w.-]*)$/.exec(program?.split(/\s/)[0] ?? '')?.[1];
  const paths = name === undefined ? [] : project.files.filter((path) => path === name || path.endsWith(`/${name}`));
  const [path, ...more] = paths;
  const text = path === undefined || more.length > 0 ? null : project.tree.read(path);
  return path === undefined || text === null ? null : { path, text };
}

/** True where the image that is run is one for Node, by its name or by what it starts. */
export function runsNode(file: Dockerfile): boolean {
  const chain = finalStages(file);
  return (
    chain.some(({ image }) => /(^|\/)(node|bun|deno)(:|-|@|$)|nodejs/i.test(image)) ||
    chain.some(({ steps }) =>
      steps.some(
        ({ keyword, text }) => /^(CMD|ENTRYPOINT)$/.test(keyword) && /\b(node|npm|pnpm|yarn|bun|tsx|next)\b/.test(text),
      ),
    )
  );
}

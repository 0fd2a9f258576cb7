import type { Choices, Finding, RuleDescription, Severity } from '../model.ts';
import type { Edit } from '../text/edits.ts';
import type { MayMatch } from '../text/keywords.ts';
import type { Syntax } from '../text/syntax.ts';
import type { Source } from './code/source.ts';
import type { Project } from './project.ts';
import type { SqlFile } from './sql/file.ts';

export type Confidence = Finding['confidence'];

/** Where a finding is: offsets of a text, or a line of it (null: the file as a whole). Path null: the project. */
export type Spot = { path: string; start: number; end: number } | { path: string | null; line: number | null };

/** An edit that mends a finding: of the file that it is in, or of another. A file that is not there yet begins empty. */
export interface Mend extends Edit {
  path?: string;
}

/** What a finding says. What the rule says of itself holds where it says nothing else. */
export interface Words {
  /** What is wrong here and what it does in production, in one or two sentences; names the code it means. */
  message: string;
  /** The one thing to do about it here. */
  fix: string;
  /** What it has in common with other findings of the rule, where one answer mends them: reports tell of them as one, at the first place. */
  together?: string;
  /** With `together`: also with findings of the workspace's other packages. */
  across?: true;
  severity?: Severity;
  confidence?: Confidence;
  /** What mends it and changes nothing else; only where the rule's remedy is a codemod, and nothing can break by it. */
  edits?: readonly Mend[];
}

/** Reports a finding at a node of the file that is looked at, or at a spot anywhere. */
export type Tell = (at: Syntax | Spot, words: Words) => void;

/** Per node type, what to do with each node of it. Parents of the node: `source.above(node)`. */
export type Visitor = { [T in Syntax['type']]?: (node: Extract<Syntax, { type: T }>) => void };

/** What a rule noted in a file, for its look at the whole project. */
export interface Noted<N> {
  path: string;
  note: N;
}

/** One rule: one file. `N` is what it notes per file for its look at the whole project. */
export interface Rule<N = unknown> {
  /** Area and name: 'sec/sql-injection'. */
  id: string;
  /** The version of this program that has it first. */
  since: string;
  severity: Severity;
  /** How sure its findings are; hints are shown with --strict only. */
  confidence: Confidence;
  /** What it finds, in one short sentence. */
  title: string;
  /** Why it hurts in production and what to do, in Markdown; a paragraph. */
  why: string;
  /** What mends it: a skill of ours (with what its findings already answer of its questions), a codemod that `--fix` applies, or a person. */
  remedy: { skill: string; choices?: Choices } | 'codemod' | 'words';
  /** OWASP API Security Top 10 (2023), where it belongs there. */
  owasp?: `API${number}`;
  /** For security rules: 0.0 to 10.0, as code scanning ranks them. */
  securitySeverity?: number;
  /** `app` (where nothing is said): source that runs on the server; tests, scripts and browser code are left out. */
  where?: 'app' | 'all';
  /** True where what it finds hurts only while a program runs: in a file that none of the project leads to it is a hint. */
  running?: true;
  /** True where the code that it means holds a secret: reports do not show that code. */
  hidesCode?: true;
  /** False where a project can have nothing of it: then nothing of the rule runs. */
  applies?(project: Project): boolean;
  /** A file is parsed for the rule only where its text matches: the cheapest word that every hit must contain, or several that all must stand there. */
  mentions?: RegExp | readonly RegExp[];
  /** Looks at one source file. */
  file?(source: Source, tell: Tell, note: (note: N) => void): Visitor;
  /** Looks at one SQL file, its statements parsed by PostgreSQL's own parser. */
  sql?(file: SqlFile, tell: Tell, note: (note: N) => void): void;
  /** Looks at the project as a whole, after all files: manifests, Dockerfiles, YAML, and what it noted in the files. */
  project?(project: Project, tell: Tell, notes: readonly Noted<N>[]): void;
}

/** Gives a rule its type; a table of rules holds them all as `Rule`. */
export const defineRule = <N = never>(rule: Rule<N>): Rule => rule as Rule;

/** The expressions that a rule's `mentions` has. */
export const mentionsOf = ({ mentions }: Pick<Rule, 'mentions'>): readonly RegExp[] =>
  mentions === undefined ? [] : mentions instanceof RegExp ? [mentions] : mentions;

/** True for a text that may have something that a rule means. */
export const mayMean = (rule: Pick<Rule, 'mentions'>, text: string, mayMatch: MayMatch = always): boolean =>
  mentionsOf(rule).every((one) => mayMatch(one, text) && one.test(text));

const always: MayMatch = () => true;

/** A rule as reports describe it. */
export function described({ id, title, why, severity, owasp, securitySeverity }: Rule): RuleDescription {
  const area = id.slice(0, id.indexOf('/'));
  return {
    id,
    title,
    help: why,
    severity,
    tags: [area === 'sec' ? 'security' : area, ...(owasp === undefined ? [] : [`owasp-${owasp.toLowerCase()}-2023`])],
    ...(securitySeverity === undefined ? {} : { securitySeverity }),
  };
}

/**
 * Every domain type, on one page. Paths are POSIX, relative to the project root (the folder of the package.json
 * that `--cwd` or `--package` names), never absolute, never with `..`.
 */

// ── A project as text ────────────────────────────────────────────────────────────────────────────────────────────

/** A project as text: reads lazily and remembers. A Map backs it in tests, the disk at the edge. */
export interface Tree {
  /** Names in one folder ('' is the root), sorted; folders end with '/'. Empty where there is no such folder. */
  list(folder: string): readonly string[];
  /** True for a file, never for a folder. */
  has(path: string): boolean;
  /** A file's text with its BOM and line endings as they are, or null where there is none or it is binary. */
  read(path: string): string | null;
}

/** What lies around the project: facts that the project's own tree cannot tell. */
export interface Surroundings {
  /** The workspace root, when the project is a package of a workspace and not its root. */
  workspace: { tree: Tree /** the package's folder, from the workspace root */; folder: string } | null;
  /** The Node that runs us, e.g. '20.20.2'. */
  node: string;
  /** npm_config_user_agent, where a package manager started us. */
  userAgent: string | null;
}

// ── Facts ────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Evidence {
  file: string | null;
  /** 1-based */
  line: number | null;
  reason: string;
  confidence: 'certain' | 'likely' | 'guess';
}

/** A fact about the host, why we believe it, and what else it could have been. */
export interface Fact<T> {
  value: T;
  evidence: Evidence;
  rivals: { value: T; evidence: Evidence }[];
}

export type FrameworkId = 'express' | 'fastify' | 'hono' | 'nest' | 'next';
export type Language = 'ts' | 'js';
export type ModuleSystem = 'esm' | 'cjs';
export type PackageManager = 'npm' | 'pnpm' | 'yarn' | 'bun';
export type Runtime = 'node' | 'vercel' | 'workers' | 'bun' | 'lambda';
export type TestRunner = 'vitest' | 'jest' | 'node' | 'mocha' | 'bun';
export type Formatter = 'prettier' | 'biome' | 'dprint' | 'oxfmt' | 'eslint';
export type RedisClient = 'ioredis' | 'redis' | 'upstash';
export type DatabaseClient = 'pg' | 'postgres' | 'drizzle' | 'prisma' | 'kysely' | 'supabase';
/** How the host writes a relative import: './x', './x.js', './x.ts' (or '.mjs' and so on for JavaScript files). */
export type ImportExtension = '' | '.js' | '.ts' | '.mjs' | '.cjs';

/** A value that a host file exports and that a module may import instead of making its own. */
export interface ExportedInstance {
  file: string;
  /** The exported name; 'default' for the default export. */
  name: string;
}

/** A validated environment module: the file, the library, and where its literals stand (null: in no plain literal). */
export interface EnvSchema {
  file: string;
  library: 'zod' | 'envalid' | 't3-env' | 'joi';
  target: Target | null;
  /** t3-env's `runtimeEnv`, where it is a literal that names each variable once more. */
  runtimeEnv: Target | null;
}

/** The facts about a host, each with its evidence. `null` as a value means: looked, and there is none. */
export interface Profile {
  /** package.json's name, or the folder's. */
  name: string;
  language: Fact<Language>;
  moduleSystem: Fact<ModuleSystem>;
  packageManager: Fact<PackageManager>;
  /** The workspace: where this package stands in it, and whether its siblings use `catalog:` ranges. */
  workspace: Fact<{ role: 'root' | 'package'; catalog: boolean } | null>;
  /** The lowest Node major that the host supports. */
  node: Fact<number>;
  framework: Fact<FrameworkId | null>;
  /** The framework's major version; 0 where it could not be read. */
  frameworkMajor: Fact<number>;
  /** Nest: what it runs on. Else null. */
  nestPlatform: Fact<'express' | 'fastify' | null>;
  /** Next: which router a new endpoint goes to. Else null. */
  nextRouter: Fact<'app' | 'pages' | null>;
  trpc: Fact<boolean>;
  /** The file where the process starts (or the framework's own convention, null). */
  entry: Fact<string | null>;
  /** Where a new module's folder goes: 'src', 'server', 'src/lib', '' … */
  sourceFolder: Fact<string>;
  importExtension: Fact<ImportExtension>;
  /** tsconfig's strict flags that are on, by their names; empty for JavaScript. */
  strictness: Fact<readonly string[]>;
  runtime: Fact<Runtime>;
  database: Fact<DatabaseClient | null>;
  databaseInstance: Fact<ExportedInstance | null>;
  redis: Fact<RedisClient | null>;
  redisInstance: Fact<ExportedInstance | null>;
  queue: Fact<string | null>;
  validator: Fact<string | null>;
  /** A validated environment module: the file, the library, and the schema's place in it. */
  envSchema: Fact<EnvSchema | null>;
  logger: Fact<string | null>;
  testRunner: Fact<TestRunner | null>;
  formatter: Fact<Formatter | null>;
  /** `.env*` files that exist, by name. */
  envFiles: Fact<readonly string[]>;
  /** Service names in the compose file. */
  compose: Fact<readonly string[]>;
  frontend: Fact<'react' | 'vue' | 'svelte' | null>;
  /** Where database migrations lie, and in whose format. */
  migrations: Fact<{ folder: string; tool: 'drizzle' | 'prisma' | 'supabase' | 'kysely' | 'plain' }>;
}

/** The project and its facts: what every pure function above detection takes. */
export interface Host {
  tree: Tree;
  surroundings: Surroundings;
  profile: Profile;
}

// ── Where the wiring goes ────────────────────────────────────────────────────────────────────────────────────────

/** `first`: before everything of the host's. `raw`: before any body parser. `routes`: before the not-found and error handlers. */
export type Slot = 'first' | 'raw' | 'routes';

/** What a skill wants wired; a framework turns it into ops. */
export interface Intent {
  slot: Slot;
  /** The binding that the module exports, e.g. 'webhooks'. */
  name: string;
  /** The module's file in the host, with its own extension, e.g. 'src/webhooks/index.ts'. */
  file: string;
  /** The path it is mounted at, e.g. '/webhooks'; null for what has none. */
  mount: string | null;
}

/**
 * A statement of the host's that an op is placed beside, as text, so that it can be found again.
 * Compared by tokens, so that reformatting does not lose it.
 */
export interface Anchor {
  position: 'before' | 'after';
  /** The statement's source text. */
  statement: string;
  /** Among equal statements in the file, which (0-based, in source order). */
  nth: number;
}

/** A literal (object or array) in the host's code, named so that it can be found again. */
export type Target = (
  | { /** the callee's source text */ call: string; nth: number; argument: number }
  | { variable: string }
  | { decorator: string /** the decorated class */; on: string }
) & { /** nested properties to walk into from there */ path: readonly string[] };

/** Something that may keep a request from our route although it is wired. */
export interface Obstacle {
  kind:
    | 'body-parser'
    | 'guard'
    | 'csrf'
    | 'catch-all'
    | 'proxy'
    | 'existing-webhook'
    | 'validation'
    | 'not-exported'
    | 'other';
  file: string;
  line: number;
  /** What stands there and what it does to our route, in one sentence. */
  message: string;
  /** One thing to do; null where our place already avoids it. */
  fix: string | null;
}

/** Where a framework's app is, as data. */
export interface AppSite {
  framework: FrameworkId;
  /** The file that the ops go to. */
  file: string;
  /** The expression that stands for the app there: 'app', 'this.app', 'server'. Empty where the framework needs none. */
  app: string;
  /** How that file imports: `import` or `require`. */
  style: ModuleSystem;
  /** Per slot the ops' place; a missing slot has no safe place. */
  places: Partial<Record<Slot, Place>>;
  /** What a slot without a place is missing, in words, for the note. */
  unplaced: string | null;
  /** What stands before the mount path in the public URL: mount prefix, base path, global prefix and version; '' for nothing. */
  prefix: string;
  obstacles: Obstacle[];
  /**
   * Where the framework finds files by itself (Next's routes, Fastify's autoload): the folder that a route's file goes under,
   * the public path of that folder ('/api', with the base path before it), and the file's name where it is prescribed ('route').
   */
  convention?: { folder: string; prefix: string; fileName: string | null };
}

/** A place for wiring: beside a statement, as a link of a chained expression, in a literal, or in a file of its own. */
export type Place =
  | { kind: 'statement'; anchor: Anchor }
  | { kind: 'chain' /** source text of the call that creates the app, e.g. 'new Hono()' */; root: string; nth: number }
  | { kind: 'literal'; target: Target }
  | { kind: 'convention' };

/** The app was not placed: why, and where a person would put the lines. */
export interface Unplaced {
  unplaced: string;
  /** The file to look in, where one is likely. */
  file: string | null;
}

export interface Wiring {
  ops: Op[];
  /** Set where a person must do it: the exact lines and the place. */
  step: ManualStep | null;
}

/** A framework is one room with these doors. */
export interface Framework {
  id: FrameworkId;
  /** Finds the app, or says why it cannot. Pure. */
  locate(host: Host): AppSite | Unplaced;
  /** Turns an intent into ops at the site, or into an exact note where the site has no safe place. Pure. */
  wire(intent: Intent, site: AppSite | Unplaced, host: Host): Wiring;
  /** What stands above a line of ours and keeps requests, or their bytes, from it; null where nothing surely does. Pure. */
  above?(op: Extract<Op, { op: 'statement' }>, host: Host): Above | null;
}

/** A statement of the host's that a line of ours must stand above, and does not. */
export interface Above {
  kind: 'body-parser' | 'catch-all';
  /** 1-based */
  line: number;
  /** The statement's first line. */
  text: string;
}

// ── Patches ──────────────────────────────────────────────────────────────────────────────────────────────────────

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/**
 * One edit of a host file, as data: recorded in the lock, undone from it. The law of each: `drop(add(t)) = t`.
 * `was` is filled by `add`: the host's text that the splice replaced, where it cannot be told from the code alone.
 */
export type Op = { file: string; was?: string } & (
  | { op: 'import'; from: string; names: readonly string[]; style: ModuleSystem }
  /** `slot` where it is wiring: `check` looks for a body parser above a `raw` line, `update` moves a line to another slot. */
  | { op: 'statement'; text: string; anchor: Anchor; slot?: Slot }
  /** A link of a chained call, put directly behind the creation call: `new Hono()` + `.route('/x', x)`. */
  | { op: 'chain'; text: string; root: string; nth: number }
  /** A whole argument appended to a call that has exactly `argument` arguments before it. */
  | { op: 'argument'; call: string; nth: number; argument: number; text: string }
  | { op: 'property'; target: Target; key: string; value: string }
  | { op: 'element'; target: Target; text: string }
  | { op: 'json'; path: readonly string[]; value: Json }
  /** A line (with an optional comment line above it) appended to a text file such as .env.example or .gitignore. */
  | { op: 'line'; text: string; comment: string | null }
);

export type OpKind = Op['op'];

export type Patched = { text: string /** the op as it must be recorded */; op: Op } | { refused: string };

/** An op's three pure functions over a file's text. */
export interface PatchOp<K extends OpKind> {
  /** True where the file already says it. Compares tokens, not characters. */
  has(text: string, op: Extract<Op, { op: K }>): boolean;
  /** Puts it in, in the file's own style; unchanged where it is there already; refuses where the place is not found. */
  add(text: string, op: Extract<Op, { op: K }>): Patched;
  /** Takes it out; unchanged where it is not there, or is no longer what we wrote. */
  drop(text: string, op: Extract<Op, { op: K }>): string;
}

// ── Skills ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** Equality over choices and facts: every key must match; a list means any of; a list-valued choice means contains. */
export type When = Readonly<Record<string, string | number | boolean | readonly (string | number | boolean)[]>>;

export interface ChoiceOption {
  label: string;
  /** Why it is not offered where one of these holds. */
  unless?: readonly { when: When; because: string }[];
}

export interface Choice {
  /** The question, as asked. */
  ask: string;
  kind: 'one' | 'many' | 'text' | 'flag';
  /** For 'one' and 'many': the values that can be chosen. */
  options?: Readonly<Record<string, ChoiceOption>>;
  /** For 'text': a regular expression that the whole value must match. */
  pattern?: string;
  /** The first row whose `when` holds gives the default; `because` is told to the user. */
  defaults: readonly { when?: When; value: string | boolean | readonly string[]; because: string }[];
  /** Asked only where this holds. */
  when?: When;
  /** Later runs of `add` put their answers beside the recorded ones instead of in their place. */
  grows?: boolean;
}

export interface SkillFile {
  /** Path in the skill's folder; may hold {{variables}}. `.hbs` is rendered, anything else is taken as it is. */
  from: string;
  /** Path in the host; may hold {{variables}}. */
  to: string;
  when?: When;
  /** One file per value of this list-valued choice; the value is {{each}}. */
  each?: string;
  /** `managed`: checked and updated. `owned`: written once, then the user's. */
  kind: 'managed' | 'owned';
}

export interface SkillEnv {
  name: string;
  /** What .env.example shows; never a secret. */
  example: string;
  why: string;
  /** Whether the host's env schema must demand it. */
  required: boolean;
  when?: When;
}

export interface SkillDependency {
  name: string;
  /** The semver range, in a skill that is not ours; ours are in templates/package.json. */
  range?: string;
  dev?: boolean;
  when?: When;
}

/** Where a skill that is not ours came from, and what it was. */
export interface SkillSource {
  /** As it was asked for: './skills/audit-log', 'npm:@acme/skill-audit@^1', 'github:acme/skills/audit#main' … */
  from: string;
  /** The same, as exactly as the source can say: with the version or the commit. */
  resolved: string;
  /** sha256 (hex) over its paths and texts. */
  hash: string;
}

/** A validated manifest and its texts: a skill is data. */
export interface Skill {
  id: string;
  aliases: readonly string[];
  title: string;
  summary: string;
  version: string;
  frameworks: readonly FrameworkId[];
  /** The module's folder below the host's source folder, e.g. 'webhooks'. */
  folder: string;
  choices: Readonly<Record<string, Choice>>;
  files: readonly SkillFile[];
  /** Documents for people and coding agents, by path in the skill's folder; written to the host on request. */
  docs: readonly string[];
  /**
   * `from` is the module's file in the host (may hold {{variables}}); `endpoints` are public paths below the mount, each
   * with the method that it answers before it where there is one: 'POST /{{provider}}'.
   */
  wire: readonly {
    slot: Slot;
    name: string;
    from: string;
    mount: string | null;
    endpoints: readonly string[];
    when?: When;
  }[];
  dependencies: readonly SkillDependency[];
  env: readonly SkillEnv[];
  /** package.json scripts to add. */
  scripts: readonly { name: string; run: string; when?: When }[];
  /** Lines to show after `add`: what to set, what to try. */
  next: readonly { text: string; when?: When }[];
  pairs: readonly string[];
  /** Every text file of the skill's folder, by its path there. */
  texts: ReadonlyMap<string, string>;
  /** Absent for the skills that ship with us. */
  source?: SkillSource;
}

/** Answers, by the choice's name. */
export type Choices = Readonly<Record<string, string | boolean | readonly string[]>>;

// ── What should change ───────────────────────────────────────────────────────────────────────────────────────────

/** A file, before and after; null means it does not exist on that side. Swap the sides and it is the undo. */
export interface Change {
  path: string;
  before: string | null;
  after: string | null;
}

/** A step that only a person can do safely. `check` keeps it open until the module is imported by a host file. */
export interface ManualStep {
  title: string;
  /** The file to change, where it is known. */
  file: string | null;
  /** Where in it, in words. */
  place: string;
  /** The exact lines to paste. */
  lines: readonly string[];
  /** Done when one of the host's own source files imports this file of ours (or holds this text). */
  done: { imports: string } | { file: string; text: string };
}

export type FileKind = SkillFile['kind'];

export interface DesiredFile {
  path: string;
  kind: FileKind;
  /** As it should stand on disk: rendered, and formatted where the host has a formatter. */
  text: string;
  /** sha256 (hex) of the text as rendered, before the host's formatter. */
  rendered: string;
}

/** What a skill × profile × choices wants to exist: the one place where a manifest becomes concrete. */
export interface Desire {
  files: readonly DesiredFile[];
  ops: readonly Op[];
  steps: readonly ManualStep[];
  /** Things to know that need no step. */
  notes: readonly string[];
  env: readonly SkillEnv[];
  next: readonly string[];
  obstacles: readonly Obstacle[];
  /** The endpoint's public paths, e.g. '/api/webhooks/stripe'. */
  endpoints: readonly string[];
  /** By the endpoint's path the method that it answers, where the skill names one. */
  methods?: Readonly<Record<string, string>>;
}

/** A command to run after the files are written. */
export interface Command {
  /** 'install' goes through the package manager's own room; others are shown, never run. */
  kind: 'install' | 'show';
  text: string;
}

export interface Plan {
  verb: 'add' | 'update' | 'remove' | 'undo' | 'init' | 'fix';
  skill: string;
  changes: readonly Change[];
  /** The lock entry after it; null where the skill is gone after it. */
  entry: LockEntry | null;
  commands: readonly Command[];
  steps: readonly ManualStep[];
  obstacles: readonly Obstacle[];
  endpoints: readonly string[];
  /** By the endpoint's path the method that it answers, where the skill names one. */
  methods?: Readonly<Record<string, string>>;
  /** Things to know: what was kept, what was there already. */
  notes: readonly string[];
  /** What keeps the plan from being applied, unless --force or a decision. */
  conflicts: readonly { path: string; message: string }[];
  /** Files that the plan writes with conflict markers in them. */
  open: readonly string[];
  next: readonly string[];
}

// ── What was done ────────────────────────────────────────────────────────────────────────────────────────────────

export interface LockedFile {
  path: string;
  kind: FileKind;
  /** sha256 (hex) of the text as it stands on disk after we wrote it. */
  hash: string;
  /** sha256 (hex) of the text as rendered, before the host's formatter. */
  rendered: string;
}

export interface LockedOp {
  op: Op;
  /** `done`: ours, dropped on remove. `already`: was there before us, never dropped. */
  standing: 'done' | 'already';
}

export interface LockEntry {
  version: string;
  /** Absent for the skills that ship with us. Of another one a copy lies in `.backend-skills/skills/`. */
  source?: SkillSource;
  choices: Choices;
  /** The time stamp in the names of files that carry one (migrations), as YYYYMMDDHHMMSS. */
  stamp: string;
  files: readonly LockedFile[];
  ops: readonly LockedOp[];
  steps: readonly ManualStep[];
  /** Host files that only exist because our ops made them; remove deletes them when nothing else is left in them. */
  created: readonly string[];
}

/** `.backend-skills/lock.json`. Untrusted when read. */
export interface Lock {
  version: 1;
  skills: Readonly<Record<string, LockEntry>>;
  /** sha256 (hex) of each host file as our last op left it: while it is unchanged, `check` need not parse it. */
  patched: Readonly<Record<string, string>>;
}

// ── What is wrong ────────────────────────────────────────────────────────────────────────────────────────────────

export interface Finding {
  rule: string;
  severity: 'error' | 'warning' | 'info';
  confidence: 'certain' | 'likely' | 'hint';
  path: string | null;
  /** 1-based line, where one is known. */
  line: number | null;
  /** The last line, where it is another. */
  endLine?: number | null;
  /** 1-based, in UTF-16 units. */
  column?: number | null;
  /** 1-based: the column behind the last character. */
  endColumn?: number | null;
  message: string;
  fix: string;
  /** Where else it is the same, for the same reason; the message says so too. */
  also?: readonly Location[];
  /** Stable from run to run, whatever lines are added above; where there is none, reports make one. */
  fingerprint?: string;
  /** The package of the workspace, where several are looked at in one run. */
  package?: string;
  /** Set where the user has said to let it be. */
  suppressed?: Suppression;
}

/** A place in a file, as findings have it. */
export type Location = Pick<Finding, 'line' | 'endLine' | 'column' | 'endColumn'> & { path: string };

export type Severity = Finding['severity'];

/** Where the user has said to let a finding be (beside the code, or in a file of such), and the reason given. */
export interface Suppression {
  kind: 'inSource' | 'external';
  justification: string;
}

/** A rule as reports describe it. A rule's category is what stands before '/' in its id. */
export interface RuleDescription {
  id: string;
  /** What it finds, in one short sentence. */
  title: string;
  /** Why it matters and what to do, in Markdown. */
  help: string;
  /** The severity that its findings have unless they say otherwise. */
  severity: Severity;
  /** A page about it. */
  url?: string;
  tags?: readonly string[];
  /** For security rules: 0.0 to 10.0, as code scanning ranks them. */
  securitySeverity?: number;
}

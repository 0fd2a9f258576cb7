import type { Spot, Words } from '../rule.ts';
import type { Access } from './access.ts';

/** What a statement says, and where it stands. */
export type Noted = Access & { at: Spot };

/** What is wrong, and at which statement. */
export interface Judged {
  at: Spot;
  words: Words;
}

interface Table {
  at: Spot;
  isSecured: boolean;
  /** The public roles have no rights on it. */
  isClosed: boolean;
  /** Policies by name, with what is wrong with each. */
  policies: Map<string, { how: 'restrictive' | 'free' | 'other'; words: Words | null }>;
  /** Where each policy stands. */
  places: Map<string, Spot>;
}

/** What stands when all files have run. */
interface Standing {
  tables: Map<string, Table>;
  functions: Map<string, { at: Spot; isSafe: boolean; looksUp: boolean }>;
  views: Map<string, { at: Spot; reads: readonly string[]; invoker: boolean }>;
  /** A loop or an event trigger secures tables that nobody can name from here. */
  isAllSecured: boolean;
  /** The same of a policy that restricts. */
  isAllRestricted: boolean;
}

/** What one text does to many tables, which nobody can name from it. */
export interface ByTemplate {
  /** It enables row security. */
  secures: boolean;
  /** It adds a restrictive policy. */
  restricts: boolean;
}

const none: ByTemplate = { secures: false, restricts: false };

/** What is wrong when all files have run, in the order of tables, functions and views. */
export function judged(notes: readonly Noted[], isExposed: boolean, byTemplate: ByTemplate = none): Judged[] {
  const standing: Standing = {
    tables: new Map(),
    functions: new Map(),
    views: new Map(),
    isAllSecured: byTemplate.secures,
    isAllRestricted: byTemplate.restricts,
  };
  for (const note of notes) {
    if ('table' in note) noteTable(standing.tables, note);
    else noteOther(standing, note);
  }
  return [...ofTables(standing, isExposed), ...ofFunctions(standing), ...ofViews(standing, isExposed)];
}

const tableAt = (at: Spot, isSecured: boolean): Table => ({
  at,
  isSecured,
  isClosed: false,
  policies: new Map(),
  places: new Map(),
});

function noteTable(tables: Map<string, Table>, note: Extract<Noted, { table: string }>): void {
  const known = tables.get(note.table);
  switch (note.says) {
    case 'table':
      if (!known) tables.set(note.table, tableAt(note.at, false));
      return;
    case 'gone':
      tables.delete(note.table);
      return;
    case 'secured':
    case 'open':
      if (known) known.isSecured = note.says === 'secured';
      return;
    case 'closed':
      if (known) known.isClosed = true;
      return;
    case 'policy-gone':
      known?.policies.delete(note.name);
      return;
    case 'policy': {
      // A table of which no file tells (auth's, storage's) is secured by who made it.
      const table = known ?? tableAt(note.at, true);
      table.policies.set(note.name, { how: note.how, words: note.words });
      table.places.set(note.name, note.at);
      tables.set(note.table, table);
    }
  }
}

function noteOther(standing: Standing, note: Exclude<Noted, { table: string }>): void {
  const { functions, views } = standing;
  switch (note.says) {
    case 'function':
      functions.set(note.name, { at: note.at, isSafe: note.isSafe, looksUp: note.looksUp });
      return;
    case 'function-safe':
      if (functions.has(note.name)) functions.set(note.name, { at: note.at, isSafe: true, looksUp: false });
      return;
    case 'view':
      views.set(note.name, { at: note.at, reads: note.reads, invoker: note.invoker });
      return;
    case 'view-safe': {
      const view = views.get(note.name);
      if (view) view.invoker = true;
      return;
    }
    case 'view-gone':
      views.delete(note.name);
      return;
    case 'all-secured':
      standing.isAllSecured = true;
  }
}

function ofTables({ tables, isAllSecured, isAllRestricted }: Standing, isExposed: boolean): Judged[] {
  return [...tables].flatMap(([name, { at, isSecured, isClosed, policies, places }]): Judged[] => {
    const isRestricted = isAllRestricted || [...policies.values()].some(({ how }) => how === 'restrictive');
    const own = [...policies].flatMap(([policy, { how, words }]) =>
      words && !(how === 'free' && isRestricted) ? [{ at: places.get(policy) ?? at, words }] : [],
    );
    if (isSecured || isAllSecured) return own;
    const fix = `ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY`;
    if (policies.size > 0)
      return [
        ...own,
        {
          at,
          words: {
            message: `${name} has policies and no row security: none of them is asked, and every row is open.`,
            fix: `${fix}.`,
          },
        },
      ];
    if (!isExposed || isClosed || !isPublic(name)) return own;
    const message = `${name} lies in the public schema without row security: whoever has the public key reads and writes every row.`;
    return [...own, { at, words: { message, fix: `${fix}, and write the policies.` } }];
  });
}

const ofFunctions = ({ functions }: Standing): Judged[] =>
  [...functions].flatMap(([name, { at, isSafe, looksUp }]): Judged[] =>
    isSafe
      ? []
      : [
          {
            at,
            words: {
              message: `${name}() runs with its owner’s rights and looks up names in the caller’s search_path: a caller with a schema of their own can put their code in its place.`,
              fix: `Add SET search_path = '' and write schemas before names.`,
              severity: 'warning',
              together: 'functions without a search_path',
              // Of names with their schema, operators alone are still looked up.
              ...(looksUp ? {} : { confidence: 'hint' as const }),
            },
          },
        ],
  );

function ofViews({ views, tables }: Standing, isExposed: boolean): Judged[] {
  return [...views].flatMap(([name, { at, reads, invoker }]): Judged[] => {
    const guarded = reads.find((table) => tables.get(table)?.isSecured);
    if (invoker || guarded === undefined || (isExposed && !isPublic(name))) return [];
    const words: Words = {
      message: `The view ${name} reads ${guarded} with its owner’s rights: the row policies of ${guarded} are not asked.`,
      fix: `ALTER VIEW ${name} SET (security_invoker = true).`,
      ...(isExposed ? {} : { severity: 'warning', confidence: 'likely' }),
    };
    return [{ at, words }];
  });
}

/** In no schema of its own, and none of the migration tools' tables. */
const isPublic = (name: string): boolean =>
  !name.includes('.') && !/^(_prisma_migrations|__drizzle_migrations|schema_migrations|spatial_ref_sys)$/.test(name);

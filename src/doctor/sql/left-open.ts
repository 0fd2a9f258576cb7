import type { Spot, Words } from '../rule.ts';
import type { Access } from './access.ts';

/** What a statement says, and where it stands. */
export type Noted = Access & { at: Spot };

/** What is wrong, and at which statement. */
export interface Judged {
  at: Spot;
  words: Words;
}

/** What is left when all files have run. */
export function judged(notes: readonly Noted[], isExposed: boolean): Judged[] {
  const tables = new Map<
    string,
    { at: Spot; isSecured: boolean; isClosed: boolean; policies: Map<string, Judged | null> }
  >();
  const functions = new Map<string, { at: Spot; isSafe: boolean }>();
  const views = new Map<string, { at: Spot; reads: readonly string[]; invoker: boolean }>();
  let isAllSecured = false;
  const tableOf = (name: string) => tables.get(name);
  for (const note of notes) {
    switch (note.says) {
      case 'table':
        if (!tableOf(note.table))
          tables.set(note.table, { at: note.at, isSecured: false, isClosed: false, policies: new Map() });
        break;
      case 'gone':
        tables.delete(note.table);
        break;
      case 'secured':
      case 'open': {
        const table = tableOf(note.table);
        if (table) table.isSecured = note.says === 'secured';
        break;
      }
      case 'closed': {
        const table = tableOf(note.table);
        if (table) table.isClosed = true;
        break;
      }
      case 'policy': {
        const table = tableOf(note.table) ?? {
          at: note.at,
          isSecured: true,
          isClosed: false,
          policies: new Map<string, Judged | null>(),
        };
        table.policies.set(note.name, note.words && { at: note.at, words: note.words });
        tables.set(note.table, table);
        break;
      }
      case 'policy-gone':
        tableOf(note.table)?.policies.delete(note.name);
        break;
      case 'function':
        functions.set(note.name, { at: note.at, isSafe: note.isSafe });
        break;
      case 'function-safe': {
        const found = functions.get(note.name);
        if (found) found.isSafe = true;
        break;
      }
      case 'view':
        views.set(note.name, { at: note.at, reads: note.reads, invoker: note.invoker });
        break;
      case 'view-safe': {
        const found = views.get(note.name);
        if (found) found.invoker = true;
        break;
      }
      case 'view-gone':
        views.delete(note.name);
        break;
      case 'all-secured':
        isAllSecured = true;
    }
  }
  const found: Judged[] = [];
  for (const [name, table] of tables) {
    for (const policy of table.policies.values()) if (policy) found.push(policy);
    if (table.isSecured || isAllSecured) continue;
    if (table.policies.size > 0)
      found.push({
        at: table.at,
        words: {
          message: `${name} has policies and no row security: none of them is asked, and every row is open.`,
          fix: `ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY.`,
        },
      });
    else if (isExposed && !table.isClosed && isPublic(name))
      found.push({
        at: table.at,
        words: {
          message: `${name} lies in the public schema without row security: whoever has the public key reads and writes every row.`,
          fix: `ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY, and write the policies.`,
        },
      });
  }
  for (const [name, { at: spot, isSafe }] of functions)
    if (!isSafe)
      found.push({
        at: spot,
        words: {
          message: `${name}() runs with its owner’s rights and looks up names in the caller’s search_path: a caller with a schema of their own can put their code in its place.`,
          fix: `Add SET search_path = '' and write schemas before names.`,
          severity: 'warning',
        },
      });
  for (const [name, { at: spot, reads, invoker }] of views) {
    const guarded = reads.find((table) => tables.get(table)?.isSecured);
    if (!invoker && guarded !== undefined && (isExposed ? isPublic(name) : true))
      found.push({
        at: spot,
        words: {
          message: `The view ${name} reads ${guarded} with its owner’s rights: the row policies of ${guarded} are not asked.`,
          fix: `ALTER VIEW ${name} SET (security_invoker = true).`,
          ...(isExposed ? {} : { severity: 'warning' as const, confidence: 'likely' as const }),
        },
      });
  }
  return found;
}

/** In no schema of its own, and none of the migration tools' tables. */
const isPublic = (name: string): boolean =>
  !name.includes('.') && !/^(_prisma_migrations|__drizzle_migrations|schema_migrations|spatial_ref_sys)$/.test(name);

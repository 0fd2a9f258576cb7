import { sourceAt } from '../../code/source.ts';
import type { Project } from '../../project.ts';
import type { Statement } from '../file.ts';
import { type Piece, placeOf } from './piece.ts';
import { hole } from './raw.ts';
import { codeToolOf } from './tools.ts';
import { piecesIn } from './up.ts';

/** Parses SQL; throws an Error where it is none. */
type ParseSql = (text: string) => readonly Statement[];

/**
 * The statements that a migration in JavaScript runs, with their places in that file. What is filled in when it runs
 * is left out; nothing at all is told where it makes a table that nobody can name from here.
 */
export function statementsInCode(project: Project, path: string, text: string, parse: ParseSql): Statement[] {
  const [tool, source] = [codeToolOf(project, text), sourceAt(project, path)];
  const pieces = tool && source ? piecesIn(source, tool.read) : null;
  const found = (pieces ?? []).map((piece) => ({ piece, statements: parsed(piece, parse) }));
  const isLost = found.some(({ statements }) => statements.some(isNameless));
  if (isLost) return [];
  return found.flatMap(({ piece, statements }) =>
    statements.filter(isKnown).map(
      (statement): Statement => ({
        ...statement,
        start: placeOf(piece, statement.start),
        end: piece.spans.length > 0 ? placeOf(piece, statement.end) : piece.end,
        ...(piece.transaction === undefined ? {} : { transaction: piece.transaction }),
        ...(piece.restates ? { restates: true as const } : {}),
      }),
    ),
  );
}

/** What is no SQL by itself (a part of a statement, or one with too much to be filled in) is left out. */
function parsed({ sql }: Piece, parse: ParseSql): readonly Statement[] {
  for (const text of [sql, bound(sql)]) {
    try {
      return parse(text);
    } catch {
      // It is tried once more with values in place of names that are bound.
    }
  }
  return [];
}

/** `:name` and `?`, which a library puts values for, as PostgreSQL reads them; every offset stays. */
const bound = (sql: string): string =>
  sql.replace(/(?<![:\w]):[a-zA-Z_]\w*/g, (name) => '$1'.padEnd(name.length)).replace(/\?/g, '0');

/** A table is made whose name is filled in. */
const isNameless = ({ changes }: Statement): boolean =>
  changes.some((change) => change.change === 'create-table' && change.table.includes(hole));

/** Nothing is filled in but values, and what stands within a new table. */
const isKnown = ({ text, changes }: Statement): boolean =>
  !text.includes(hole) ||
  changes.some(({ change }) => change === 'create-table') ||
  !text.replace(/'(?:[^']|'')*'/g, "''").includes(hole);

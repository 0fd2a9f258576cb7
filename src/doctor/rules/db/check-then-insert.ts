import { isBackground } from '../../code/background.ts';
import type { FunctionSyntax, Source } from '../../code/source.ts';
import { isWithGivenKey } from '../../queries/given-key.ts';
import { bare, raceIn } from '../../queries/races.ts';
import { isSmallTable } from '../../queries/tables.ts';
import { hasNoSchema, keyBy } from '../../queries/unique-keys.ts';
import { defineRule, type Spot } from '../../rule.ts';

/** A check and an insert behind it; or that the project answers to the database's own refusal. */
type Note = Found | 'answers';

interface Race {
  at: Spot;
  model: string;
  sure: boolean;
  isUnique: boolean;
  /** The schema tells of the table, and of no unique key of these columns. */
  isBare?: boolean;
}

/** The same, before it is known whether the project's schema has a unique key of it. */
interface Found extends Race {
  columns: readonly string[];
  isTried: boolean;
  isRaw: boolean;
  /** Another function makes the row. */
  isFar: boolean;
}

/** More tables than that are told of together. */
const many = 3;

/** How people see that a unique index refused a row, or keep others out meanwhile. */
const answering =
  /P2002|23505|\b11000\b|\bE11000\b|ER_DUP_ENTRY|SQLITE_CONSTRAINT|UniqueConstraint(Error|Violation)|UniqueViolation|unique_violation|PrismaClientKnownRequestError|QueryFailedError/;
/** Where errors of the whole program are answered. */
const central = /error|exception|filter|middleware|handler|(^|\/)(app|server|main|index)\.[cm]?[jt]s$/i;
export const checkThenInsert = defineRule<Note>({
  id: 'db/check-then-insert',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'likely',
  title: 'A row is made after a look whether it is there, and another request can come between.',
  why: 'Two requests at the same moment both look, both find nothing, and both insert: two accounts with one address, or, with a unique index, an error that nobody handles and a 500. A transaction around both does not help at the usual isolation. Let the database decide: a unique index, then insert and handle its refusal (`ON CONFLICT`, `upsert`, Prisma’s P2002, PostgreSQL’s 23505).',
  remedy: 'words',
  mentions:
    /\b(find\w+|(get|fetch)\w*By\w+|(is|has|check)\w*(Taken|Exists?|Registered)|exists|count\w*|select|first|knex|from(?=\s*[(<])|query|P2002|23505|11000|ER_DUP_ENTRY|Unique\w+|KnownRequestError|QueryFailedError)\b/i,
  file(source, _tell, note) {
    if (answering.test(source.text)) {
      if (central.test(source.path)) note('answers');
      return {};
    }
    const look = (node: FunctionSyntax): void => {
      const found = raceIn(source, node);
      if (!found) return;
      const { start, end } = found.node;
      note({
        at: { path: source.path, start, end },
        model: found.name,
        isUnique: found.isUnique,
        columns: found.columns,
        isTried: found.isTried,
        isRaw: found.isRaw,
        isFar: found.isFar === true,
        sure:
          !found.isReuse &&
          !isWithGivenKey(source, found.node) &&
          !isBackground(source, found.node) &&
          !isLocalDriver(source) &&
          !isSmallTable(found.name),
      });
    };
    return { FunctionDeclaration: look, FunctionExpression: look, ArrowFunctionExpression: look };
  },
  project(project, tell, notes) {
    if (notes.some(({ note }) => note === 'answers')) return;
    const byModel = new Map<string, Map<string, Race>>();
    for (const { note: found, path } of notes) {
      if (found === 'answers') continue;
      const key = found.isUnique ? 'key' : keyBy(project, found.model, found.columns, found.isFar);
      const isUnique = key === 'key';
      // Whatever refuses the second is caught.
      if (isUnique && found.isTried) continue;
      const note: Race = {
        at: found.at,
        model: found.model,
        isUnique,
        isBare: key === 'none',
        // Where the schema does not tell, the second may be refused as well; with a unique key the worst is a 500 in the place of a 400.
        sure: found.sure && (key !== 'unknown' || (found.isRaw && hasNoSchema(project))) && !isUnique,
      };
      const group = `${bare(note.model)} ${note.sure} ${note.isUnique}`;
      const places = byModel.get(group) ?? new Map<string, Race>();
      byModel.set(group, places.set(`${path} ${'start' in note.at ? note.at.start : ''}`, note));
    }
    const groups = [...byModel.values()].map((places) => [...places.values()]);
    const isSure = ([first]: readonly Race[]): boolean => first?.sure === true;
    const sure = groups.filter(isSure);
    // It is how the project makes rows, not a slip.
    const together = sure.length > many ? sure.toSorted((a, b) => weight(b) - weight(a)) : [];
    for (const group of groups) {
      const [first, ...others] = group;
      if (!first || (together.includes(group) && group !== together[0])) continue;
      const names =
        group === together[0]
          ? together.flatMap(([one]) => (one && bare(one.model) !== bare(first.model) ? one.model : []))
          : [];
      tell(first.at, {
        message: `Two requests at the same moment both find no ${first.model}, and both insert it: ${first.isUnique ? 'the unique index refuses the second, and nothing here handles that: a 500' : first.isBare ? 'a duplicate, as the schema has no unique key of it' : 'a duplicate, or an error of the unique index that nothing here handles'}.${moreOf(others.length, [...new Set(names)])}`,
        fix: first.isUnique
          ? 'Insert without the look, and answer the refusal of the unique index (ON CONFLICT, upsert, P2002, 23505).'
          : 'Put a unique index on it, insert without the look, and handle the refusal (ON CONFLICT, upsert, P2002, 23505).',
        ...(first.isUnique ? { severity: 'info' } : {}),
        ...(first.sure ? {} : { confidence: 'hint' }),
      });
    }
  },
});

/** What a duplicate of it costs: two accounts are worse than two bookmarks. */
const weight = ([first]: readonly Race[]): number =>
  (/user|account|member|customer|order|payment|invoice|subscription|booking|email/i.test(first?.model ?? '') ? 2 : 0) +
  (first?.isUnique === false ? 1 : 0);

/** Where else it is so. */
function moreOf(places: number, names: readonly string[]): string {
  const here =
    places === 0 ? '' : places === 1 ? ' Another place does the same.' : ` ${places} other places do the same.`;
  return names.length === 0
    ? here
    : `${here} So it is with ${names.slice(0, 6).join(', ')}${names.length > 6 ? ' and others' : ''}.`;
}

/** SQLite in the process itself answers before anybody else is heard. */
const isLocalDriver = ({ text }: Source): boolean =>
  /from ['"](better-sqlite3|node:sqlite)['"]|require\(['"](better-sqlite3|node:sqlite)['"]\)/.test(text);

/** A field or block attribute's columns, and where it stands. */
export interface PrismaKey {
  columns: readonly string[];
  /** The columns' names in the database. */
  stored: readonly string[];
  /** The model that is pointed at. */
  to: string;
  start: number;
  end: number;
}

/** A model of a Prisma schema: what of it is a key, an index, a foreign key. Offsets are of the schema's text. */
export interface PrismaModel {
  name: string;
  /** The table's name in the database. */
  stored: string;
  /** The columns of each index, unique constraint and primary key. */
  indexes: readonly (readonly string[])[];
  /** Relations that hold the foreign key: `@relation(fields: [userId], …)`. */
  foreign: readonly PrismaKey[];
  /** True where a row says when it was made or changed. */
  hasTime: boolean;
}

/** The models of a Prisma schema, by a reading of its lines. */
export function modelsOf(text: string): PrismaModel[] {
  return [...text.matchAll(/^[ \t]*model\s+(\w+)\s*\{([\s\S]*?)^[ \t]*\}/gm)].map((match) => {
    const [whole, name = '', body = ''] = match;
    const offset = match.index + whole.indexOf(body);
    return {
      name,
      stored: /^\s*@@map\(\s*(?:name\s*:\s*)?"([^"]+)"/m.exec(body)?.[1] ?? name,
      indexes: indexesIn(body),
      foreign: foreignIn(body, offset),
      hasTime: /^\s*\w+\s+DateTime\b/m.test(body),
    };
  });
}

const withoutComment = (line: string): string => line.replace(/\/\/.*$/, '');

/** Column names without what stands behind them: `[userId(sort: Desc), at]` → userId, at. */
export const columnsOf = (list: string): string[] =>
  list
    .replace(/\([^)]*\)/g, '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');

function indexesIn(body: string): string[][] {
  return body.split('\n').flatMap((line) => {
    const code = withoutComment(line);
    const block = /^\s*@@(index|unique|id|fulltext)\s*\((?:\s*fields\s*:)?\s*\[((?:[^\]()]|\([^)]*\))*)\]/.exec(code);
    if (block) return [columnsOf(block[2] ?? '')];
    const field = /^\s*(\w+)\s+\w+\??.*@(id|unique)\b/.exec(code);
    return field ? [[field[1] ?? '']] : [];
  });
}

function foreignIn(body: string, offset: number): PrismaKey[] {
  return [...body.matchAll(/^[^\n/]*@relation\s*\(((?:[^()]|\([^)]*\))*)\)/gm)].flatMap((match) => {
    const fields = /\bfields\s*:\s*\[([^\]]*)\]/.exec(match[1] ?? '');
    if (!fields) return [];
    const lead = /^\s*/.exec(match[0])?.[0].length ?? 0;
    const start = offset + match.index + lead;
    const to = /^\s*\w+\s+(\w+)/.exec(match[0])?.[1] ?? '';
    const columns = columnsOf(fields[1] ?? '');
    return [
      {
        columns,
        stored: columns.map((one) => storedAs(body, one)),
        to,
        start,
        end: offset + match.index + match[0].length,
      },
    ];
  });
}

/** `userId String @map("user_id")` → 'user_id'. */
const storedAs = (body: string, field: string): string =>
  new RegExp(`^[ \\t]*${field}[ \\t].*@map\\(\\s*(?:name\\s*:\\s*)?"([^"]+)"`, 'm').exec(body)?.[1] ?? field;

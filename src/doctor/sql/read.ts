import type { Project } from '../project.ts';
import type { SqlFile, Statement } from './file.ts';

/** Loads PostgreSQL's parser (WebAssembly, about 30 ms) and gives what reads SQL files with it. */
export async function openSql(): Promise<(project: Project, path: string, text: string) => SqlFile | null> {
  const { loadModule, parseSync } = await import('libpg-query');
  await loadModule();
  return (_project, path, text) => {
    const { stmts = [] } = parseSync(text);
    const statements = stmts.flatMap(({ stmt, stmt_location = 0, stmt_len }): Statement[] => {
      const [kind, node] = Object.entries(stmt ?? {})[0] ?? [];
      if (kind === undefined) return [];
      const bytes = Buffer.from(text);
      const raw = bytes
        .subarray(stmt_location, stmt_len === undefined ? bytes.length : stmt_location + stmt_len)
        .toString();
      const start = bytes.subarray(0, stmt_location).toString().length + leading(raw);
      const own = raw.trimEnd().slice(leading(raw));
      return [{ kind, node: node as Record<string, unknown>, text: own, start, end: start + own.length }];
    });
    return { path, text, statements, migration: null };
  };
}

/** How much of a statement's text is space and comments before its first word. */
const leading = (text: string): number => /^(\s|--[^\n]*(\n|$)|\/\*[\s\S]*?\*\/)*/.exec(text)?.[0].length ?? 0;

/** Gives offsets in UTF-16 units for offsets in bytes of UTF-8, as PostgreSQL counts. */
export function byteOffsets(text: string): (bytes: number) => number {
  if (/^[\0-\x7f]*$/.test(text)) return (bytes) => bytes;
  const units: number[] = [];
  for (let at = 0; at < text.length; ) {
    const code = text.codePointAt(at) ?? 0;
    const bytes = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (let byte = 0; byte < bytes; byte++) units.push(at);
    at += code > 0xffff ? 2 : 1;
  }
  return (bytes) => units[bytes] ?? text.length;
}

const blank = (text: string): string => text.replace(/[^\r\n]/g, ' ');

/** Where the way back begins, in tools that keep both ways in one file: goose and sql-migrate, dbmate, node-pg-migrate, rambler. */
const down = /^--[ \t]*(\+(goose|migrate) Down|migrate:down|Down Migration|rambler down)\b[\s\S]*/im;

/**
 * The text as PostgreSQL's parser can read it, every offset kept: commands of psql, rows behind COPY … FROM stdin and
 * the way back are blanks; Drizzle's breakpoint ends a statement.
 */
export function readable(text: string): string {
  return text
    .replace(/^\uFEFF/, ' ')
    .replace(down, blank)
    .replace(
      /^(COPY\b[^;]*\bFROM\s+stdin\b[^;]*;[^\n]*\n)([\s\S]*?\n)(\\\.)/gim,
      (_, copy: string, rows: string, end: string) => `${blank(copy)}${blank(rows)}${blank(end)}`,
    )
    .replace(/^[ \t]*\\[a-z!?].*$/gim, blank)
    .replace(/\\g(exec|set|desc|x)?\b.*$/gm, (command) => `;${blank(command.slice(1))}`)
    .replace(/-->(?= ?statement-breakpoint)/g, ';--');
}

/** True for text that something else fills in before PostgreSQL sees it. */
export const isTemplate = (text: string): boolean =>
  /\$\{[\w.]+\}|\{\{[^}]*\}\}|<%[\s\S]*?%>|(?<![:\w]):'?"?[a-zA-Z_]\w*|(^|\s)@\w+@|%\(\w+\)s/.test(text);

/** How much of a statement's text is space, comments and empty statements before its first word. */
export const leading = (text: string): number => /^(\s|;|--[^\n]*(\n|$)|\/\*[\s\S]*?\*\/)*/.exec(text)?.[0].length ?? 0;

/** One line of an environment file: a name and what it is set to, without quotes. */
export interface EnvLine {
  name: string;
  value: string;
  /** Offsets of the name. */
  start: number;
  end: number;
}

/** The lines of an environment file that set a variable. Pure. */
export function envLines(text: string): readonly EnvLine[] {
  return [...text.matchAll(/^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=[ \t]*(.*)$/gm)].map(
    ({ index, 0: line, 1: name = '', 2: rest = '' }) => {
      const quoted = /^(["'`])(.*?)\1/.exec(rest);
      const value = quoted ? (quoted[2] ?? '') : rest.replace(/\s+#.*$/, '').trim();
      const start = index + line.indexOf(name);
      return { name, value, start, end: start + name.length };
    },
  );
}

/** True for a file of environment variables that a program reads; not for examples of one. */
export const isEnvFile = (path: string): boolean =>
  /(^|\/)\.env(\.[\w.-]+)?$/.test(path) &&
  !/(example|sample|template|tmpl|dist|defaults?|schema|vault|enc(rypted)?|ci|\.d\.ts)$/i.test(path);

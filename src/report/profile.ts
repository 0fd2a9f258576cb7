import type { Evidence, Fact, Profile } from '../model.ts';
import type { Paint } from './paint.ts';

/** The profile in one line: what the project is. */
export function profileInShort(profile: Profile, paint: Paint): string {
  const { framework, frameworkMajor, language, moduleSystem, packageManager, runtime } = profile;
  const name =
    framework.value === null
      ? 'no framework'
      : `${frameworkNames[framework.value]} ${frameworkMajor.value || ''}`.trim();
  const kind = `${language.value === 'ts' ? 'TypeScript' : 'JavaScript'}, ${moduleSystem.value === 'esm' ? 'ESM' : 'CommonJS'}`;
  const rest = [`${packageManager.value}`, runtime.value === 'node' ? '' : runtime.value].filter(Boolean).join(', ');
  return `${paint.bold(profile.name)}: ${paint.bold(name)} (${kind}, ${rest})`;
}

export const frameworkNames = {
  express: 'Express',
  fastify: 'Fastify',
  hono: 'Hono',
  nest: 'NestJS',
  next: 'Next.js',
} as const;

/** Every fact with its evidence and its rivals. */
export function profileToText(profile: Profile, paint: Paint): string {
  const { name, ...facts } = profile;
  const rows = Object.entries(facts) as [string, Fact<unknown>][];
  const width = Math.max(...rows.map(([key]) => key.length));
  const lines = rows.map(([key, { value, evidence, rivals }]) => {
    const shown = valueToText(value);
    const text = shown === '' ? paint.dim('none') : paint.bold(shown);
    const others = rivals.map(
      (rival) =>
        `\n${' '.repeat(width + 2)}${paint.yellow('or')} ${valueToText(rival.value)} ${paint.dim(evidenceToText(rival.evidence))}`,
    );
    return `${key.padEnd(width)}  ${text} ${paint.dim(evidenceToText(evidence))}${others.join('')}`;
  });
  return [paint.bold(name), ...lines].join('\n');
}

function evidenceToText({ file, line, reason, confidence }: Evidence): string {
  // A reason that names the file already is not told where it stands.
  const known = file === null || (line === null && reason.includes(file));
  const where = known ? '' : `, ${file}${line === null ? '' : `:${line}`}`;
  return `(${reason}${where}${confidence === 'certain' ? '' : `; ${confidence}`})`;
}

function valueToText(value: unknown): string {
  if (value === null || value === false) return '';
  if (value === true) return 'yes';
  if (Array.isArray(value)) return value.join(', ');
  if (typeof value === 'object') {
    return Object.entries(value ?? {})
      .filter(([, each]) => each !== null)
      .map(([key, each]) => `${key} ${typeof each === 'object' ? JSON.stringify(each) : String(each)}`)
      .join(', ');
  }
  return String(value);
}

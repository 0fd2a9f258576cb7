import type { FrameworkId, Plan, Skill } from '../model.ts';
import type { Answer, Decision } from '../skills/choose.ts';

interface Planned {
  plan: Plan;
  decisions: readonly Decision[];
}

interface Asked {
  framework: FrameworkId | null;
  dir: string | null;
  docs: boolean;
  /** How the project was named: --cwd and --package. */
  where: readonly string[];
}

/** The command that does the same without a question. */
export function repeatOf(skills: readonly Skill[], planned: readonly Planned[], options: Asked): string {
  const flags = planned.flatMap(({ plan, decisions }) =>
    decisions
      .filter(({ source, value }) => source === 'flag' || (source === 'default' && typeof value !== 'boolean'))
      .map(({ name, value }) =>
        plan.entry?.source === undefined
          ? flagFor(name, value)
          : `--set ${quoted(`${name}=${[value].flat().join(',')}`)}`,
      ),
  );
  const names = skills.map(({ id, source }) => source?.resolved ?? id);
  // One hash cannot stand for two.
  const hashes = skills.flatMap(({ source }) => source?.hash ?? []);
  const rest = [
    options.framework === null ? '' : `--framework ${options.framework}`,
    options.dir === null ? '' : flagFor('dir', options.dir),
    options.docs ? '--docs' : '',
    ...options.where.map(quoted),
    hashes.length === 1 ? `--trust ${hashes[0]}` : '',
  ];
  return ['backend-skills add', ...names, ...new Set(flags), ...rest, '--yes'].filter(Boolean).join(' ');
}

function flagFor(name: string, value: Answer): string {
  if (typeof value === 'boolean') return value ? `--${name}` : `--no-${name}`;
  return `--${name} ${quoted([value].flat().join(','))}`;
}

/** A word as a POSIX shell reads it. */
const quoted = (text: string): string => (/^[\w./,=@:+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

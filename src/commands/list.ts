import { detectFramework } from '../detect/index.ts';
import { UserError } from '../errors.ts';
import { readLock } from '../lock/lock.ts';
import type { FrameworkId } from '../model.ts';
import { toJson } from '../report/json.ts';
import { type Paint, wrap } from '../report/paint.ts';
import { frameworkNames } from '../report/profile.ts';
import type { Context, ExitCode } from './context.ts';
import { openSession } from './session.ts';

interface Row {
  id: string;
  title: string;
  summary: string;
  version: string;
  aliases: string[];
  installed: string | null;
  fits: boolean | null;
  because: string | null;
}

/** The catalogue, with what fits this project and why. Works outside of a project too. */
export async function list(context: Context): Promise<ExitCode> {
  const { terminal, catalogue } = context;
  const here = projectHere(context);
  const rows = catalogue.manifests().map(({ id, title, summary, version, aliases, frameworks }): Row => {
    const installed = here?.installed[id] ?? null;
    return {
      id,
      title,
      summary,
      version,
      aliases,
      installed,
      ...fitOf(frameworks, here?.framework ?? null, here !== null),
    };
  });
  if (terminal.json) terminal.document(toJson('skills', { schema: 'backend-skills/skills/1', skills: rows }));
  else terminal.say(rows.map((row) => rowToText(row, terminal.paint)).join('\n'));
  return 0;
}

function projectHere(context: Context): { framework: FrameworkId | null; installed: Record<string, string> } | null {
  try {
    const session = openSession(context);
    const { lock } = readLock(session.tree);
    const installed = Object.fromEntries(Object.entries(lock.skills).map(([id, { version }]) => [id, version]));
    return { framework: detectFramework(session.tree, session.surroundings), installed };
  } catch (error) {
    // The catalogue can be read anywhere; a project that cannot be read is said by the commands that need it.
    if (error instanceof UserError) return null;
    throw error;
  }
}

function fitOf(
  offered: readonly FrameworkId[],
  framework: FrameworkId | null,
  project: boolean,
): Pick<Row, 'fits' | 'because'> {
  if (!project) return { fits: null, because: null };
  if (framework === null) return { fits: false, because: 'no supported framework was found here' };
  const fits = offered.includes(framework);
  return { fits, because: `${fits ? 'works with' : 'is not offered for'} ${frameworkNames[framework]}` };
}

function rowToText({ id, title, summary, version, installed, fits, because }: Row, paint: Paint): string {
  const mark =
    installed !== null ? paint.green(paint.mark.done) : fits === false ? paint.red(paint.mark.bad) : paint.mark.bullet;
  const state = installed !== null ? `installed, ${installed}` : (because ?? version);
  return `${mark} ${paint.bold(id)}  ${title} ${paint.dim(`(${state})`)}\n    ${wrap(summary, paint.width, '    ')}`;
}

import { frameworks } from '../frameworks/index.ts';
import type { AppSite, FrameworkId, Unplaced } from '../model.ts';
import type { Document } from '../report/documents.ts';
import { toJson } from '../report/json.ts';
import { profileToText } from '../report/profile.ts';
import type { Context, ExitCode } from './context.ts';
import { hostOf, openSession } from './session.ts';

/** The profile with its evidence, and where the app is. */
export async function detect(options: { framework: FrameworkId | null }, context: Context): Promise<ExitCode> {
  const { terminal } = context;
  const host = hostOf(openSession(context), options.framework);
  const id = host.profile.framework.value;
  const site = id === null ? null : frameworks[id].locate(host);
  if (terminal.json) {
    const { name, ...facts } = host.profile;
    const document = {
      schema: 'backend-skills/profile/1',
      name,
      facts,
      site: site === null ? null : siteRow(site),
    } as const;
    terminal.document(toJson('profile', document as Document['profile']));
    return 0;
  }
  terminal.say(profileToText(host.profile, terminal.paint));
  if (site !== null) terminal.say(`\n${siteToText(site)}`);
  return 0;
}

const siteRow = (site: AppSite | Unplaced): Document['profile']['site'] =>
  'places' in site
    ? { file: site.file, app: site.app, prefix: site.prefix, unplaced: site.unplaced, obstacles: [...site.obstacles] }
    : { file: site.file, app: null, prefix: null, unplaced: site.unplaced, obstacles: [] };

function siteToText(site: AppSite | Unplaced): string {
  if (!('places' in site)) return `Wiring by hand: ${site.unplaced}${site.file === null ? '' : ` (${site.file})`}`;
  if (site.convention !== undefined)
    return `New routes go to ${site.convention.folder}/, found there by the framework itself.`;
  const slots = Object.keys(site.places).join(', ') || 'none';
  const mount = site.prefix === '' ? '' : `, public paths begin with ${site.prefix}`;
  return `The app is \`${site.app}\` in ${site.file} (places: ${slots}${mount}).`;
}

import type { AppSite, Host, Intent, ManualStep, Op, Unplaced, Wiring } from '../../model.ts';
import { originsOf } from '../shared/names.ts';
import { textAt } from '../shared/source.ts';
import { specifierFor } from '../shared/wiring.ts';
import { appName } from './creation.ts';
import type { RootModule } from './root.ts';
import { type CreatedApp, jsonParser, type Survey, styleOf, surveyOf } from './survey.ts';

/** The module's import and place in the root module, and for raw bodies the option; each part is whole or in the step. */
export function wire(intent: Intent, site: AppSite | Unplaced, host: Host): Wiring {
  const survey = 'framework' in site ? surveyOf(host) : site;
  if (!('root' in survey)) return { ops: [], step: wholeStep(intent, survey, host) };
  const { apps, root } = survey;
  const rawRefused = intent.slot === 'raw' ? survey.rawRefused : null;
  const raw = intent.slot === 'raw' && rawRefused === null ? apps.flatMap(rawOps) : [];
  const joined = joinOps(intent, root, host);
  if (typeof joined === 'string') return { ops: raw, step: moduleStep(intent, survey, host, joined, rawRefused) };
  return { ops: [...joined, ...raw], step: rawRefused === null ? null : rawStep(survey, rawRefused, host) };
}

/** The class that a module file exports, by the binding's name: 'webhooks' gives 'WebhooksModule'. */
const moduleClass = (name: string): string =>
  `${name
    .split(/[^A-Za-z0-9]+/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('')}Module`;

/** The ops that put the module among the root's imports, or why that is not safe. */
function joinOps(intent: Intent, { source, place }: RootModule, host: Host): Op[] | string {
  if (place.kind === 'none') return place.because;
  const name = moduleClass(intent.name);
  const file = source.path;
  const from = specifierFor(file, intent.file, host);
  const origin = originsOf(source).get(name);
  const isDeclared = source.nodes.some((node) => node.type === 'ClassDeclaration' && node.id?.name === name);
  if (isDeclared || (origin && origin.from !== from)) return `${file} already has another ${name}`;
  const joined: Op =
    place.kind === 'element'
      ? { file, op: 'element', target: place.target, text: name }
      : { file, op: 'property', target: place.target, key: 'imports', value: `[${name}]` };
  return [{ file, op: 'import', from, names: [name], style: styleOf(source) }, joined];
}

function rawOps({ source, call, nth, options }: CreatedApp): Op[] {
  const file = source.path;
  if (options.kind === 'none') return [];
  if (options.kind === 'property')
    return [{ file, op: 'property', target: options.target, key: 'rawBody', value: 'true' }];
  const callee = textAt({ source, node: call.callee });
  return [{ file, op: 'argument', call: callee, nth, argument: options.argument, text: '{ rawBody: true }' }];
}

/** The two lines that join a module, as they are written in a file. */
function joinLines(intent: Intent, from: string, host: Host): string[] {
  const name = moduleClass(intent.name);
  return [`import { ${name} } from '${specifierFor(from, intent.file, host)}';`, `imports: [${name}],`];
}

/** The line that keeps raw bodies, and where the host's parser is off the one that turns it on. */
function rawLines({ apps: [app] }: Survey, because: string, host: Host): string[] {
  return because.startsWith('bodyParser ')
    ? ['rawBody: true,', `${appName(app) || 'app'}.useBodyParser('${jsonParser(host)}');`]
    : ['rawBody: true,'];
}

function moduleStep(
  intent: Intent,
  survey: Survey,
  host: Host,
  because: string,
  rawRefused: string | null,
): ManualStep {
  const { root, apps } = survey;
  const file = root.source.path;
  const raw =
    rawRefused === null ? '' : `; then in the options of NestFactory.create in ${apps[0].source.path} (${rawRefused})`;
  return {
    title: `Import ${moduleClass(intent.name)} into ${root.name}`,
    file,
    place: `beside the other imports of ${file}, and in what ${root.name} imports (not done for you: ${because})${raw}`,
    lines: [...joinLines(intent, file, host), ...(rawRefused === null ? [] : rawLines(survey, rawRefused, host))],
    done: { imports: intent.file },
  };
}

function rawStep(survey: Survey, because: string, host: Host): ManualStep {
  const file = survey.apps[0].source.path;
  return {
    title: 'Let Nest keep the raw body',
    file,
    place: `in the options of NestFactory.create in ${file} (${because})`,
    lines: rawLines(survey, because, host),
    done: { file, text: 'rawBody: true' },
  };
}

function wholeStep(intent: Intent, { unplaced, file }: Unplaced, host: Host): ManualStep {
  const lines = joinLines(intent, file ?? host.profile.entry.value ?? 'src/main.ts', host);
  return {
    title: `Import ${moduleClass(intent.name)} into the root module`,
    file,
    place: `in the module that the HTTP app is created from${intent.slot === 'raw' ? ', and in the options of NestFactory.create' : ''}. ${unplaced}`,
    lines: intent.slot === 'raw' ? [...lines, 'rawBody: true,'] : lines,
    done: { imports: intent.file },
  };
}

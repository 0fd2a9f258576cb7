import type { AppSite, Framework, Host, Obstacle, Place, Slot, Target, Unplaced } from '../model.ts';
import { literal, propertyOf } from '../text/syntax.ts';
import { appName } from './nest/creation.ts';
import { isObject, resolved } from './nest/names.ts';
import { obstaclesIn, otherApps } from './nest/obstacles.ts';
import { prefixOf } from './nest/prefix.ts';
import { type CreatedApp, jsonParser, keepsBytes, type Survey, styleOf, surveyOf } from './nest/survey.ts';
import { wire } from './nest/wiring.ts';
import { lineAt, textAt } from './shared/source.ts';

/** Nest: a module joins the root module's imports; raw bodies are an option of NestFactory.create. */
export const nest: Framework = { id: 'nest', locate, wire };

/** `mount` is the path that obstacles and excludes are looked up for. */
function locate(host: Host, mount = '/webhooks'): AppSite | Unplaced {
  const survey = surveyOf(host);
  if (!('root' in survey)) return survey;
  const { bootstrap, apps } = survey;
  const [{ source }] = apps;
  const { prefix, obstacles } = prefixOf(bootstrap.reach, mount);
  return {
    framework: 'nest',
    file: source.path,
    app: appName(apps[0]),
    style: styleOf(source),
    places: placesOf(survey),
    unplaced: missing(survey),
    prefix,
    obstacles: [
      ...obstacles,
      ...apps.flatMap((app) => withoutParser(app, keepsBytes(bootstrap), jsonParser(host))),
      ...obstaclesIn(host.tree, bootstrap.reach, mount),
      ...otherApps(host.tree, bootstrap.reach, bootstrap.entry),
    ],
  };
}

function placesOf({ root, apps: [app], rawRefused }: Survey): AppSite['places'] {
  const raw = rawRefused === null ? optionsTarget(app) : null;
  const module = root.place.kind === 'none' ? null : root.place.target;
  const place = (target: Target): Place => ({ kind: 'literal', target });
  const places: Partial<Record<Slot, Place>> = module ? { first: place(module), routes: place(module) } : {};
  return module && raw ? { ...places, raw: place(raw) } : places;
}

function optionsTarget({ source, call, nth, options }: CreatedApp): Target | null {
  if (options.kind === 'none') return null;
  if (options.kind === 'property') return options.target;
  return { call: textAt({ source, node: call.callee }), nth, argument: options.argument, path: [] };
}

function missing({ root, apps: [app], rawRefused }: Survey): string | null {
  const { place } = root;
  const module =
    place.kind === 'none' ? `No module can join ${root.name} in ${root.source.path}: ${place.because}.` : null;
  const raw = rawRefused === null ? null : `rawBody cannot be set in ${app.source.path}: ${rawRefused}.`;
  return [module, raw].filter((one) => one !== null).join(' ') || null;
}

function withoutParser({ source, call }: CreatedApp, isReplaced: boolean, parsed: string): Obstacle[] {
  return call.arguments.slice(1).flatMap((argument) => {
    const options = resolved(source, argument);
    const parser = isObject(options) ? propertyOf(options, 'bodyParser') : null;
    if (!parser || literal(parser) === true) return [];
    return {
      kind: 'body-parser' as const,
      file: source.path,
      line: lineAt({ source, node: parser }),
      message: `Nest's own body parser is off (bodyParser: ${textAt({ source, node: parser })}), and raw bodies come from it.`,
      fix: isReplaced ? null : `Set rawBody: true beside it, and call app.useBodyParser('${parsed}') behind.`,
    };
  });
}

import { keyOf, type Syntax } from '../../text/syntax.ts';
import { importersOf } from './browser.ts';
import { isFunction, type Source } from './source.ts';

/** Files of work that no request waits for: there it is slow and harms nobody else. */
const background =
  /(^|[/._-])(workers?|cron\w*|scheduler\w*|commands?|cli|migrat\w*|alterations?|seed\w*|data-?creator\w*|backfills?|cutover|queues?|processors?|consumers?|index(er|ing)|bootstrap|beta|upgrades?)([/._-]|$)/i;
/** The same by words that are also the things an application is about: a list of tasks, a board of jobs, a page of reports. */
const ambiguous =
  /(^|[/._-])(jobs?|tasks?|schedules?|scheduling|imports?|exports?|sync|reports?|workflows?|setup|init)([/._-]|$)/i;
/** Files that answer requests, by their own words. */
const answering =
  /(^|\/)(controllers?|routes?|routers?|resolvers?|pages|app\/api)\/|[./_-](controllers?|services?|gateways?|routes?|routers?|resolvers?|repositor(y|ies)|models?|dao|actions?|page)\.[cm]?[jt]sx?$|(Controller|Service|Gateway|Router|Resolver|Repository|Model)\.[cm]?[jt]sx?$|(^|\/)(route|page|actions)\.[jt]sx?$/;
/** Packages that answer no requests. */
const offline = /(^|[-/@])(workers?|crons?|jobs?|queues?|seeds?|cli|scripts?|migrations?|workflows?)$/i;
/** Functions that run when the process starts, or that fill a new database. */
const starting =
  /^_?(init|initiali[sz]e|ensure|bootstrap|setup|seed|migrat|populate|backfill|warm|preload|resume|schedule|cron|onModuleInit|onApplicationBootstrap|onModuleDestroy|awaitDb|start(?![a-z])|up$|down$|main$|create(Static|Default|Sample|Demo|Initial|Test))|From(Disk|Files?|Config|Env)$/;

/** True where no request waits for what the node does: by its file, or by what the functions around it are called. */
export function isBackground(source: Source, node: Syntax): boolean {
  const path = source.path.replace(/([a-z])(Processor|Worker|Job|Task|Queue|Cron|Seeder|Consumer)(?=\.|$)/, '$1-$2');
  if (background.test(path) || (ambiguous.test(path) && !answering.test(path))) return true;
  if (offline.test(String(source.project.manifest.name ?? '')) || isRunByHand(source)) return true;
  for (const parent of source.above(node)) {
    if (!isFunction(parent)) continue;
    if (starting.test(functionName(source, parent) ?? '')) return true;
  }
  return false;
}

/** Words of a program that talks with who started it, and those of one that waits for requests or messages. */
const talking =
  /\bprocess\.(argv|stdin)\b|\breadline\b|['"](inquirer|@inquirer\/prompts|prompts|enquirer|@clack\/prompts|commander|yargs)['"]/;
const waiting = /\.listen\(|\bserve\(|\bcreateServer\(|\.(consume|subscribe|process)\(|\bnew Worker\(/;
const knownByHand = new WeakMap<Source, boolean>();

/** True for a program that somebody starts by hand: it gives nothing to other files, none of them loads it, and it asks or reads what it is told. */
export function isRunByHand(source: Source): boolean {
  const before = knownByHand.get(source);
  if (before !== undefined) return before;
  const { text, project, path } = source;
  const isIt =
    talking.test(text) &&
    !waiting.test(text) &&
    !/^\s*export\b|\bmodule\.exports\b|^exports\.\w/m.test(text) &&
    importersOf(project, path).length === 0;
  knownByHand.set(source, isIt);
  return isIt;
}

/** What a function is called: by its own name, or that of the variable, property or method that holds it. */
export function functionName(source: Source, node: Syntax): string | null {
  if ((node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression') && node.id) return node.id.name;
  const parent = source.parentOf(node);
  switch (parent?.type) {
    case 'VariableDeclarator':
      return parent.id.type === 'Identifier' ? parent.id.name : null;
    case 'MethodDefinition':
    case 'PropertyDefinition':
    case 'Property':
      return keyOf(parent);
    case 'AssignmentExpression': {
      const { left } = parent;
      return left.type === 'MemberExpression' && left.property.type === 'Identifier' ? left.property.name : null;
    }
    default:
      return null;
  }
}

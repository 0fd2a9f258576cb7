import { asObject, asString } from '../../detect/json.ts';
import { isCode } from '../../detect/paths.ts';
import { perFile } from '../../detect/remember.ts';
import { kindOf, type Project } from '../project.ts';
import { mayImport } from './browser.ts';
import { rangeAt } from './packages.ts';
import { programsOf } from './programs.ts';

/** Frameworks that load files by where they lie, whatever imports them. */
const loading = [
  ...['sails', 'egg', '@midwayjs/core', '@adonisjs/core', '@strapi/strapi', '@medusajs/medusa', '@medusajs/framework'],
  ...['@keystone-6/core', '@redwoodjs/api', '@feathersjs/feathers', 'moleculer', '@sapphire/framework', 'ember-cli'],
];
/** Frameworks of which some folders and names are entries. */
const routing = [
  ...['next', 'nuxt', 'nitropack', 'h3', 'astro', '@sveltejs/kit', '@remix-run/node', '@react-router/node'],
  ...['@react-router/dev', '@tanstack/react-start', '@builder.io/qwik-city', 'vinxi', '@solidjs/start', 'expo-router'],
  ...['@fastify/autoload', 'fastify-autoload', 'fastify-cli', 'payload', 'blitz', 'vike', 'waku', 'gatsby'],
];
const entries =
  /(^|\/)(pages|routes|api|app|plugins|middlewares?|modules|collections|globals)\/|(^|\/)(middleware|proxy|instrumentation[\w-]*|hooks\.server|entry[.-]\w+|root|server|_worker)\.[cm]?[jt]sx?$/;
/** Entries of platforms, of tools that keep a schema, and settings. */
const always =
  /(^|\/)(supabase\/functions|netlify|functions|lambdas?|handlers?|migrations?|seeds?|subscribers)\/|^api\/|(^|\/)[\w.-]+\.config\.[cm]?[jt]s$/;
/** Classes that a framework makes, by their decorators. */
const decorated = /^@[A-Z]\w*\(/m;

/**
 * True for a file that no program of the project leads to: nothing imports it, or tests alone do, or what is run once by hand
 * (a migration, a check). False where it may be loaded by its place, or where the project’s programs cannot be told.
 */
export const isUnreached = (project: Project, path: string): boolean =>
  isLeftAlone(project, path) && canBeTold(project);

const told = new WeakMap<Project, boolean>();
const fewFiles = 16;
const asked = 48;

/** False where nothing seems to lead to most of a project’s files: then they are loaded in a way that is not known here. */
function canBeTold(project: Project): boolean {
  const before = told.get(project);
  if (before !== undefined) return before;
  const files = project.files.filter((path) => isCode(path) && kindOf(path, project.tree.read(path) ?? '') === 'app');
  const some = files.filter((_, index) => index % Math.ceil(files.length / asked) === 0);
  const left = some.filter((path) => isLeftAlone(project, path));
  const is = files.length < fewFiles || left.length * 2 <= some.length;
  told.set(project, is);
  return is;
}

const isLeftAlone = perFile((project: Project, path: string): boolean => {
  if (!isCode(path) || loading.some((one) => project.has(one) || rangeAt(project, path, one) !== null)) return false;
  const { live, isStarted } = programsOf(project);
  // Packages of a workspace import any file of another by its path.
  if (project.around !== null && !isStarted && !servesPages(project)) return false;
  if (live.size === 0 && !(isRouted(project, path) && project.files.some((one) => entries.test(one)))) return false;
  const seen = new Set([path]);
  for (const one of seen) {
    if (isEntry(project, one)) return false;
    for (const importer of mayImport(project, one))
      if (!/^(test|script)$/.test(kindOf(importer, project.tree.read(importer) ?? '')) || live.has(importer))
        seen.add(importer);
  }
  return true;
});

function isEntry(project: Project, path: string): boolean {
  const { live, loaders, once } = programsOf(project);
  if (live.has(path)) return true;
  // What is run once by its name is an entry of nothing else, wherever it lies.
  if (once.has(path)) return false;
  const text = project.tree.read(path) ?? '';
  if (always.test(path) || decorated.test(text)) return true;
  if (entries.test(path) && isRouted(project, path)) return true;
  // A package of a workspace gives its files to the others.
  if (project.around !== null && /(^|\/)index\.[cm]?[jt]sx?$/.test(path)) return true;
  return isCode(path) && loaders.some((loader) => loader.path !== path && mayLoad(loader, path));
}

/** `next start`, `remix-serve`: a framework’s own command starts it. */
const servesPages = ({ manifest }: Project): boolean =>
  ['start', 'dev'].some((name) => pages.test(asString(asObject(manifest.scripts)?.[name]) ?? ''));
const pages = /\b(next|nuxt|nitro|remix|react-router|astro|vinxi|vike|waku|gatsby|blitz|payload|expo)\b/;

const isRouted = (project: Project, path: string): boolean =>
  routing.some((one) => project.has(one) || rangeAt(project, path, one) !== null);

/** What requires files by names that it makes up may require those beside it, and those of the folders that it names. */
function mayLoad(loader: { path: string; text: string }, path: string): boolean {
  const folders = path.split('/').slice(0, -1);
  const own = loader.path.split('/').slice(0, -1).join('/');
  const isBelow = own !== '' && path.startsWith(`${own}/`) && /__dirname|import\.meta/.test(loader.text);
  return (
    isBelow ||
    folders.join('/') === own ||
    folders.some((name) =>
      new RegExp(`['"\`/]${escaped(name)}(/?\\*[^'"\`]*|/|/\\$\\{[^'"\`]*)?['"\`]`).test(loader.text),
    )
  );
}

const escaped = (name: string): string => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

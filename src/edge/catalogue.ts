import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from '../errors.ts';
import type { Skill } from '../model.ts';
import type { Ranges } from '../plan/dependencies.ts';
import { asSkill, readManifest } from '../skills/load.ts';
import { suggest } from '../skills/nearest.ts';
import type { Manifest } from '../skills/schema.ts';

/** The skills that ship with us: one folder each under templates/. Manifests are read first; texts only for what is used. */
export interface Catalogue {
  manifests(): readonly Manifest[];
  /** A skill by its id or one of its aliases. Throws a UserError with the nearest name. */
  skill(name: string): Skill;
  ranges(): Ranges;
}

/** Opens the templates folder: beside dist/ in the package, beside src/ in the repository. */
export function openCatalogue(folder: string = templatesFolder()): Catalogue {
  let manifests: readonly { folder: string; manifest: Manifest }[] | null = null;
  const all = () => {
    manifests ??= foldersWithManifest(folder).map((name) => ({ folder: name, manifest: manifestOf(folder, name) }));
    return manifests;
  };
  return {
    manifests: () => all().map(({ manifest }) => manifest),
    skill: (name) => {
      const found = all().find(({ manifest }) => manifest.id === name || manifest.aliases.includes(name));
      if (found !== undefined) return asSkill(found.manifest, textsIn(join(folder, found.folder)));
      const names = all().flatMap(({ manifest }) => [manifest.id, ...manifest.aliases]);
      throw new UserError(
        `There is no skill called "${name}".`,
        suggest(name, names, 'Run `backend-skills list` to see them all.'),
      );
    },
    ranges: () =>
      (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { dependencies: Ranges }).dependencies,
  };
}

function templatesFolder(): string {
  // One level up from the bundled file in dist/, two from this file in src/edge/.
  const candidates = ['../templates', '../../templates'].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  const found = candidates.find((path) => existsSync(join(path, 'package.json')));
  if (found === undefined) throw new Error(`No templates folder at ${candidates.join(' or ')}.`);
  return found;
}

const foldersWithManifest = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'skill.json')))
    .sort();

function manifestOf(folder: string, name: string): Manifest {
  const text = readFileSync(join(folder, name, 'skill.json'), 'utf8');
  return readManifest(text, (message) => new Error(`The skill "${name}" that ships with us is not valid: ${message}`));
}

/** Every text of a skill's folder by its path there; our own unit tests beside the core are not part of the skill. */
function textsIn(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    files
      .map((file) => [file.slice(folder.length + 1).replaceAll('\\', '/'), readFileSync(file, 'utf8')] as const)
      .sort(),
  );
}

import type { Profile } from '../model.ts';
import { yamlOf } from './catalog.ts';
import { assumed, seen } from './evidence.ts';
import { asObject } from './json.ts';
import type { Scene } from './scene.ts';

/** `.env*` files by name, templates among them; tools' own (`.envrc`) left out. */
export function envFilesOf({ tree }: Scene): Profile['envFiles'] {
  const value = tree.list('').filter((name) => /^\.env(\.[\w.-]+)?$/.test(name));
  return {
    value,
    evidence: assumed(value.length > 0 ? 'in the project root' : 'none in the project root', 'certain'),
    rivals: [],
  };
}

const composeFiles = [
  'compose.yaml',
  'compose.yml',
  'docker-compose.yaml',
  'docker-compose.yml',
  'docker-compose.dev.yml',
  'docker-compose.dev.yaml',
  'docker/docker-compose.yml',
];

/** The services of the compose file. */
export function composeOf({ tree }: Scene): Profile['compose'] {
  const file = composeFiles.find((name) => tree.has(name));
  if (file === undefined) return { value: [], evidence: assumed('no compose file', 'certain'), rivals: [] };
  const services = asObject(yamlOf(tree, file)?.services);
  return { value: Object.keys(services ?? {}), evidence: seen(file, null, `the services of ${file}`), rivals: [] };
}

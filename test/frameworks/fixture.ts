import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { detect } from '../../src/detect/index.ts';
import type { Host } from '../../src/model.ts';
import { surroundings, treeOf } from '../tree.ts';

const root = fileURLToPath(new URL('../../fixtures', import.meta.url));

/** The texts of one fixture's folder, without what is installed or built there. */
function textsOf(name: string): Record<string, string> {
  const folder = join(root, name);
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const own = files.filter((file) => !/[\\/](node_modules|dist|\.next)[\\/]/.test(file));
  return Object.fromEntries(
    own.map((file) => [file.slice(folder.length + 1).replaceAll('\\', '/'), readFileSync(file, 'utf8')]),
  );
}

/** A fixture as a detected host; `folder` is the package of a workspace. */
export function hostFrom(name: string, folder = ''): Host {
  const texts = textsOf(name);
  const whole = treeOf(texts);
  if (folder === '') return { tree: whole, surroundings: surroundings(), profile: detect(whole, surroundings()) };
  const below = Object.entries(texts).filter(([path]) => path.startsWith(`${folder}/`));
  const tree = treeOf(Object.fromEntries(below.map(([path, text]) => [path.slice(folder.length + 1), text])));
  const around = surroundings({ workspace: { tree: whole, folder } });
  return { tree, surroundings: around, profile: detect(tree, around) };
}

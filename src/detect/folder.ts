import type { Fact, FrameworkId, Tree } from '../model.ts';
import { assumed, decide, seen } from './evidence.ts';
import { folderOf, isCode, within } from './paths.ts';
import type { Scene } from './scene.ts';

const serverFolders = ['src', 'server', 'backend', 'api', 'app', 'lib', 'functions'];

/** Where the server's own code lives, from the files that the entry reaches. */
export function sourceFolderOf(
  scene: Scene,
  entry: string | null,
  files: readonly string[],
  framework: FrameworkId | null,
  frontend: boolean,
): Fact<string> {
  if (framework === 'next') return nextFolder(scene.tree);
  if (entry === null) {
    const folder = serverFolders.find((name) => scene.tree.list(name).some(isCode)) ?? '';
    return decide([], {
      value: folder,
      evidence: assumed(folder === '' ? 'no source folder' : `the folder ${folder} holds code`),
    });
  }
  const parts = folderOf(entry).split('/');
  const at = parts.indexOf('src');
  const value =
    at > 0 || (at === 0 && !frontend) ? parts.slice(0, at + 1).join('/') : commonFolder(folderOf(entry), entry, files);
  return decide([], {
    value,
    evidence: seen(
      entry,
      null,
      `the entry and the files it imports live in ${value === '' ? 'the project root' : value}`,
      'likely',
    ),
  });
}

/** Up from the entry's folder until most files lie within; down again into a folder that holds the rest. */
function commonFolder(folder: string, entry: string, files: readonly string[]): string {
  const share = (path: string, among: readonly string[]) =>
    among.filter((file) => path === '' || file.startsWith(`${path}/`)).length / Math.max(among.length, 1);
  let value = folder;
  while (value !== '' && (share(value, files) < 0.6 || /(^|\/)(bin|config)$/.test(value))) value = folderOf(value);
  if (value !== '') return value;
  const rest = files.filter((file) => file !== entry && file.includes('/'));
  const deep = serverFolders.find(
    (name) =>
      rest.length > 0 &&
      share(
        name,
        files.filter((file) => file !== entry),
      ) >= 0.6,
  );
  return deep === undefined ? '' : share(`${deep}/src`, rest) >= 0.6 ? `${deep}/src` : deep;
}

function nextFolder(tree: Tree): Fact<string> {
  const base = tree.list('src/app').length > 0 || tree.list('src/pages').length > 0 ? 'src' : '';
  const library = within(base, 'lib');
  const value = tree.list(library).length > 0 ? library : base;
  return decide([], {
    value,
    evidence: seen(
      value === '' ? null : value,
      null,
      value === library ? `${library} holds what is no route` : 'beside the routes',
      'likely',
    ),
  });
}

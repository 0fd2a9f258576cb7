import { expect, test } from 'vitest';
import { callsOf } from '../../../src/doctor/code/callers.ts';
import { everyNode, type FunctionSyntax, isFunction } from '../../../src/doctor/code/source.ts';
import { sourceOf } from '../source.ts';

/** Where the first function of src/users.ts is called: 'path: code'. */
function callers(files: Readonly<Record<string, string>>): string[] {
  const source = sourceOf(files, 'src/users.ts');
  const functions: FunctionSyntax[] = [];
  everyNode(source.program, (node) => {
    if (isFunction(node)) functions.push(node);
  });
  const [first] = functions;
  if (first === undefined) throw new Error('There is no function.');
  return callsOf(source, first).map(({ source: from, call }) => `${from.path}: ${from.textOf(call)}`);
}

const find = 'export function find(id) { return db.get(id); }';

test.each<[string, Record<string, string>, string[]]>([
  [
    'by its name, in its own file and in those that import it',
    { 'src/users.ts': `${find}\nfind(1);`, 'src/a.ts': "import { find } from './users.ts';\nfind(2);" },
    ['src/a.ts: find(2)', 'src/users.ts: find(1)'],
  ],
  [
    'by another name that it is imported as',
    { 'src/users.ts': find, 'src/a.ts': "import { find as user } from './users';\nuser(2); find(3);" },
    ['src/a.ts: user(2)'],
  ],
  [
    'through a file that passes it on',
    {
      'src/users.ts': find,
      'src/index.ts': "export * from './users.ts';",
      'api/a.ts': "import { find } from '../src/index.ts';\nfind(2);",
    },
    ['api/a.ts: find(2)'],
  ],
  [
    'by what holds it',
    { 'src/users.ts': find, 'src/a.ts': 'class A { read() { return this.users?.find(4); } }' },
    ['src/a.ts: this.users?.find(4)'],
  ],
  [
    'by any name, where it is all that its file gives',
    { 'src/users.ts': 'export default function find(id) {}', 'src/a.ts': "import user from './users.ts';\nuser(5);" },
    ['src/a.ts: user(5)'],
  ],
  [
    'but not as a namesake of another',
    {
      'src/users.ts': find,
      'src/a.ts': "import { find } from './posts.ts';\nfind(6); [1].find((one) => one); posts.find(7);",
      'src/posts.ts': 'export function find() {}',
    },
    [],
  ],
])('finds the calls of a function %s', (_, files, found) => {
  expect(callers(files)).toEqual(found);
});

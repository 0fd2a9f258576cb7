import { factNames } from './facts.ts';

/** Every name a template may use beside the skill's own choices. */
export const contextNames = [
  ...factNames,
  /** the module's folder in the host, e.g. 'src/webhooks' */
  'dir',
  /** the folder for the host's own code, e.g. 'src' */
  'src',
  /** the extension of code files: ts, js, mjs or cjs */
  'ext',
  /** where the framework's convention wants a route file, e.g. 'src/app/api' */
  'route',
  /** the name that convention asks of the file, without its extension: route, index */
  'routeName',
  /** the folder where the host's runner finds a test, and what the test's name ends with: '.test' or '.spec' */
  'testsFolder',
  'testSuffix',
  /** what stands before the mount path in public URLs */
  'prefix',
  /** the migrations' folder */
  'migrationsFolder',
  /** YYYYMMDDHHMMSS, the same for the module's whole life */
  'stamp',
  /** the import specifiers and names of the host's own clients; '' where it has none */
  'databaseImport',
  'databaseExport',
  'redisImport',
  'redisExport',
  /** how the host runs a script: npm run, pnpm, yarn, bun run */
  'runScript',
  /** what runs a file of the host's language on its own: node, tsx, bun */
  'runFile',
  /** the value of a file's `each`, also as camelCase and PascalCase */
  'each',
  'eachCamel',
  'eachPascal',
  /** each list-valued choice as a sorted list of { value, camel, pascal } */
  'named',
] as const;

export type ContextName = (typeof contextNames)[number];

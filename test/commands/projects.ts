/** The smallest projects of each kind, for what is not about the host's code. */

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

export const app = `import express from 'express';

const app = express();
app.use(express.json());
app.get('/', (_request, response) => {
  response.send('hello');
});

app.listen(3000);
`;

export const manifest = json({
  name: 'shop',
  type: 'module',
  main: 'src/server.ts',
  scripts: { start: 'node src/server.ts' },
  dependencies: { express: '^5.1.0' },
});

const tsconfig = json({ compilerOptions: { module: 'nodenext', strict: true }, include: ['src'] });

/** An Express project in TypeScript, in three files. */
export const shop: Readonly<Record<string, string>> = {
  'package.json': manifest,
  'package-lock.json': json({ name: 'shop', lockfileVersion: 3, requires: true, packages: {} }),
  'src/server.ts': app,
  'tsconfig.json': tsconfig,
};

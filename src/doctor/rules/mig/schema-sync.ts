import { keyOf, literal, type Syntax, unwrap } from '../../../text/syntax.ts';
import type { Source } from '../../code/source.ts';
import { isForDevelopment } from '../../routes/development.ts';
import { defineRule } from '../../rule.ts';

type Options = Extract<Syntax, { type: 'ObjectExpression' }>;

export const schemaSync = defineRule({
  id: 'mig/schema-sync',
  since: '0.1.0',
  severity: 'warning',
  confidence: 'likely',
  title: 'The tables are changed to fit the code whenever the process starts.',
  why: 'With `synchronize: true` (TypeORM) or `sync({ alter: true })` (Sequelize) each start compares the tables with the code and changes them there and then: a column that was renamed is dropped with what is in it, a change of type writes a large table anew while everybody waits, and two processes that start together do it at once. Nobody has read those statements, and there is no way back. Leave it to development, and change the schema of production by migrations.',
  remedy: { skill: 'migrations' },
  mentions: /\b(synchronize|dropSchema)['"]?\s*:\s*true\b|\.sync\(\s*\{/,
  file(source, tell) {
    if (elsewhere.test(source.path)) return {};
    return {
      Property(node) {
        const key = keyOf(node);
        if ((key !== 'synchronize' && key !== 'dropSchema') || literal(unwrap(node.value)) !== true) return;
        const options = source.parentOf(node);
        if (options?.type !== 'ObjectExpression' || !isOfTypeorm(source, options) || isChosen(source, node)) return;
        tell(node, key === 'dropSchema' ? dropped : changed('TypeORM', 'entities', 'synchronize: false'));
      },
      CallExpression(node) {
        const [first] = node.arguments;
        const options = first ? unwrap(first) : null;
        if (options?.type !== 'ObjectExpression' || !isSync(source, node.callee) || isChosen(source, node)) return;
        if (given(options, 'match') !== null) return;
        if (isOn(options, 'force')) tell(node, dropped);
        else if (isOn(options, 'alter')) tell(node, changed('Sequelize', 'models', 'sync() without alter'));
      },
    };
  },
});

const dropped = {
  message: 'Each start of this process drops the tables, with all that is in them, and makes them anew.',
  fix: 'Take it out, and change the schema by migrations.',
  severity: 'error' as const,
};

const changed = (orm: string, what: string, off: string) => ({
  message: `${orm} changes the tables to fit the ${what} each time that this process starts: a column that was renamed is dropped with what is in it.`,
  fix: `${off} in production, and change the schema by migrations.`,
});

/** Files that no server starts. */
const elsewhere =
  /(^|[/._-])(seed\w*|scripts?|setup|fixtures?|tests?|spec|e2e|mocks?|resets?|dev|demo|examples?|cli|bench\w*|load-testing|codemods?)([/._-]|$)/i;

/** Options of a connection to a database that keeps tables, and keeps them. */
function isOfTypeorm(source: Source, options: Options): boolean {
  const type = given(options, 'type');
  if (type === null || (!source.project.has('typeorm') && !/typeorm/i.test(source.text))) return false;
  return !/mongo|sqljs|:memory:/.test(`${source.textOf(type)} ${source.textOf(given(options, 'database') ?? type)}`);
}

/** `sequelize.sync`, `db.sequelize.sync`, `User.sync`. */
const isSync = (source: Source, callee: Syntax): boolean =>
  callee.type === 'MemberExpression' &&
  callee.property.type === 'Identifier' &&
  callee.property.name === 'sync' &&
  ['sequelize', 'sequelize-typescript', '@sequelize/core'].some((name) => source.project.has(name));

/** True where development or a test is meant: by a condition around it, or by the name of what holds it. */
function isChosen(source: Source, node: Syntax): boolean {
  if (isForDevelopment(source, node)) return true;
  for (const parent of source.above(node)) {
    if (parent.type === 'IfStatement' || parent.type === 'ConditionalExpression' || parent.type === 'SwitchCase')
      return true;
    const name = parent.type === 'Property' ? (keyOf(parent) ?? '') : nameIn(parent);
    if (/dev|test|local|memory/i.test(name)) return true;
  }
  return false;
}

const nameIn = (node: Syntax): string => {
  if (node.type === 'VariableDeclarator') return node.id.type === 'Identifier' ? node.id.name : '';
  return node.type === 'FunctionDeclaration' ? (node.id?.name ?? '') : '';
};

function given(options: Options, name: string): Syntax | null {
  const found = options.properties.find((one) => one.type === 'Property' && keyOf(one) === name);
  return found?.type === 'Property' ? found.value : null;
}

const isOn = (options: Options, name: string): boolean => {
  const value = given(options, name);
  return value !== null && literal(unwrap(value)) === true;
};

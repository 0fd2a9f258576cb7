import type { Column, Constraint, SqlType } from './change.ts';
import { at, listAt, type Node, nodeAt, opened, stringAt, wordsAt } from './tree.ts';

/** A relation's name without `public.`: 'users', 'auth.users'. */
export function tableName(relation: unknown): string {
  const [schema, name] = [stringAt(relation, 'schemaname'), stringAt(relation, 'relname') ?? ''];
  return schema === null || schema === 'public' ? name : `${schema}.${name}`;
}

/** The same for a name that is a list of words. */
export const nameOf = (words: readonly string[]): string =>
  (words.length > 1 && words[0] === 'public' ? words.slice(1) : words).join('.');

const modifier = (value: unknown): number[] => {
  const number = at(value, 'A_Const', 'ival');
  if (number === undefined) return [];
  const digits = at(number, 'ival');
  return [typeof digits === 'number' ? digits : 0];
};

/** A type as a tree of libpg-query. */
export function typeOf(typeName: unknown): SqlType {
  const words = wordsAt(typeName, 'names').filter((word) => word !== 'pg_catalog');
  return {
    name: nameOf(words),
    args: listAt(typeName, 'typmods').flatMap(modifier),
    array: listAt(typeName, 'arrayBounds').length > 0,
  };
}

const kinds: Readonly<Record<string, Constraint['kind']>> = {
  CONSTR_CHECK: 'check',
  CONSTR_FOREIGN: 'foreign',
  CONSTR_PRIMARY: 'primary',
  CONSTR_UNIQUE: 'unique',
  CONSTR_EXCLUSION: 'exclude',
  CONSTR_NOTNULL: 'not-null',
};

/** A constraint; those beside a column bind that column. Null for defaults and the like. */
export function constraintOf(node: Node, column: string | null): Constraint | null {
  const kind = kinds[stringAt(node, 'contype') ?? ''];
  if (kind === undefined) return null;
  const listed = wordsAt(node, kind === 'foreign' ? 'fk_attrs' : 'keys');
  return {
    kind,
    name: stringAt(node, 'conname'),
    columns: listed.length > 0 ? listed : column === null ? [] : [column],
    references: kind === 'foreign' ? tableName(at(node, 'pktable')) : null,
    notValid: at(node, 'skip_validation') === true,
    usingIndex: stringAt(node, 'indexname') !== null,
    condition: at(node, 'raw_expr') ?? null,
  };
}

/** A column's definition. */
export function columnOf(node: Node): Column {
  const name = stringAt(node, 'colname') ?? '';
  const parts = listAt(node, 'constraints').map((part) => nodeAt(part, 'Constraint'));
  const of = (kind: string): Node | undefined => parts.find((part) => stringAt(part, 'contype') === kind);
  const constraints = parts.flatMap((part) => constraintOf(part, name) ?? []);
  const generated = of('CONSTR_GENERATED');
  return {
    name,
    type: typeOf(at(node, 'typeName')),
    notNull: constraints.some(({ kind }) => kind === 'not-null' || kind === 'primary'),
    default: at(of('CONSTR_DEFAULT'), 'raw_expr') ?? null,
    generated: generated ? (stringAt(generated, 'generated_kind') === 'v' ? 'virtual' : 'stored') : null,
    identity: of('CONSTR_IDENTITY') !== undefined,
    constraints: constraints.filter(({ kind }) => kind !== 'not-null'),
  };
}

/** True where a condition can only hold when the column is not null: `c IS NOT NULL`, alone or joined by AND. */
export function refusesNull(condition: unknown, column: string): boolean {
  const part = opened(condition);
  if (part?.kind === 'NullTest') {
    const words = wordsAt(part.node, 'arg', 'ColumnRef', 'fields');
    return stringAt(part.node, 'nulltesttype') === 'IS_NOT_NULL' && words.at(-1) === column;
  }
  return (
    part?.kind === 'BoolExpr' &&
    stringAt(part.node, 'boolop') === 'AND_EXPR' &&
    listAt(part.node, 'args').some((one) => refusesNull(one, column))
  );
}

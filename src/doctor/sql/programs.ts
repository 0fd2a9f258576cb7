import type { Change } from './change.ts';
import { nameOf, tableName } from './columns.ts';
import { at, listAt, type Node, nodeAt, stringAt, wordsAt } from './tree.ts';

/** True for `on`, `true`, `1` or nothing behind an option's name. */
export function isOn(option: Node): boolean {
  const value = at(option, 'arg');
  if (value === undefined) return true;
  const word = stringAt(value, 'String', 'sval') ?? stringAt(value, 'TypeName', 'names');
  return word === null
    ? at(value, 'Integer', 'ival') === 1 || at(value, 'Boolean', 'boolval') === true
    : /^(on|true|yes|1)$/i.test(word);
}

/** A view, and whether it reads with its caller's rights. */
export function viewChange(node: Node): Change {
  const options = listAt(node, 'options').map((item) => nodeAt(item, 'DefElem'));
  return {
    change: 'create-view',
    view: tableName(at(node, 'view')),
    materialized: false,
    invoker: options.some((option) => stringAt(option, 'defname') === 'security_invoker' && isOn(option)),
    node,
  };
}

/** A function as it is made: its volatility, whose rights it runs with, its body. */
export function functionChange(node: Node): Change {
  const options = listAt(node, 'options').map((item) => nodeAt(item, 'DefElem'));
  const of = (name: string): Node[] => options.filter((option) => stringAt(option, 'defname') === name);
  const volatility = stringAt(of('volatility')[0], 'arg', 'String', 'sval');
  return {
    change: 'create-function',
    name: nameOf(wordsAt(node, 'funcname')),
    language: stringAt(of('language')[0], 'arg', 'String', 'sval') ?? 'sql',
    volatile: volatility === null || volatility === 'volatile',
    definer: of('security').some((option) => at(option, 'arg', 'Boolean', 'boolval') === true),
    searchPath: of('set').some((option) => stringAt(option, 'arg', 'VariableSetStmt', 'name') === 'search_path'),
    body: of('as')
      .flatMap((option) => [
        ...listAt(option, 'arg', 'List', 'items').map((item) => stringAt(item, 'String', 'sval') ?? ''),
        stringAt(option, 'arg', 'String', 'sval') ?? '',
      ])
      .join('\n'),
  };
}

import { findNodeAtLocation, getNodeValue, type Node, type ParseError, parseTree } from 'jsonc-parser';
import type { Json, Op, PatchOp } from '../model.ts';
import { eolNear, indentAt, splice } from '../text/lines.ts';
import { indentUnit } from '../text/style.ts';
import { type Entry, insertItem, type List, removeItem } from './list.ts';

type JsonOp = Extract<Op, { op: 'json' }>;

/** Sets a value in a JSON file, with or without comments; a path that ends in '-' appends to an array. */
export const json: PatchOp<'json'> = {
  has: (text, op) => find(text, op) !== null,

  add(text, op) {
    const root = read(text);
    if (!root) return { refused: 'The file is not valid JSON.' };
    if (find(text, op)) return { text, op };
    const place = deepest(root, op);
    if ('refused' in place) return place;
    const { node, depth } = place;
    const list = listOf(node);
    const added =
      list.items.length === 0 ? fill(text, node, entryOf(text, op, depth, node)) : grow(text, node, op, depth);
    if (list.items.length > 0) return { text: added, op };
    return { text: added, op: { ...op, was: `${depth} ${text.slice(node.offset, node.offset + node.length)}` } };
  },

  drop(text, op) {
    const node = find(text, op);
    return node ? take(text, node, op.path.length, op) : text;
  },
};

const read = (text: string): Node | null => {
  const errors: ParseError[] = [];
  const root = parseTree(text.replace(/^\uFEFF/, ' '), errors, { allowTrailingComma: true });
  return errors.length === 0 ? (root ?? null) : null;
};

/** The node that holds the op's value: a property's value or an array's element. */
function find(text: string, { path, value }: JsonOp): Node | null {
  const root = read(text);
  if (!root) return null;
  if (path.at(-1) !== '-') {
    const node = findNodeAtLocation(root, [...path]);
    return node && isSame(getNodeValue(node), value) ? node : null;
  }
  const array = findNodeAtLocation(root, path.slice(0, -1));
  return array?.children?.findLast((child) => array.type === 'array' && isSame(getNodeValue(child), value)) ?? null;
}

/** The deepest container on the path that exists, and how many steps lead to it. */
function deepest(root: Node, { path }: JsonOp): { node: Node; depth: number } | { refused: string } {
  let node = root;
  for (const [depth, key] of path.entries()) {
    const shown = depth === 0 ? 'The file' : `\`${path.slice(0, depth).join('.')}\``;
    if (node.type !== (key === '-' ? 'array' : 'object'))
      return { refused: `${shown} is not an ${key === '-' ? 'array' : 'object'}.` };
    const child = key === '-' ? undefined : findNodeAtLocation(node, [key]);
    if (!child) return { node, depth };
    node = child;
  }
  return { refused: `\`${path.join('.')}\` is there already, as ${JSON.stringify(getNodeValue(node))}.` };
}

function entryOf(text: string, { path, value }: JsonOp, depth: number, node: Node): Entry {
  const unit = indentUnit(text);
  const colon = isTight(text) ? ':' : ': ';
  const created = path
    .slice(depth + 1)
    .reduceRight<Json>((inner, key) => (key === '-' ? [inner] : { [key]: inner }), value);
  const key = path[depth] === '-' ? '' : JSON.stringify(path[depth]) + colon;
  const many = text.slice(node.offset, node.offset + node.length).includes('\n') || listOf(node).items.length === 0;
  const said = many && colon === ': ' ? JSON.stringify(created, null, unit) : JSON.stringify(created);
  return {
    lines: (base) => (key + said).split('\n').map((line, index) => (index === 0 ? line : base + line)),
    unit,
    pad: '',
    gap: colon === ':' ? '' : ' ',
  };
}

/** The first entry of an empty container: on a line of its own, but in minified JSON. */
function fill(text: string, node: Node, entry: Entry): string {
  const { open, close } = listOf(node);
  if (/[^\s]/.test(text.slice(open, close))) return insertItem(text, listOf(node), 0, entry);
  const base = indentAt(text, node.offset);
  const eol = eolNear(text, node.offset);
  const [first = '', ...more] = entry.lines(base + entry.unit);
  const lines = [base + entry.unit + first, ...more];
  return splice(
    text,
    open,
    close,
    entry.gap === '' ? entry.lines('').join('') : `${eol}${lines.join(eol)}${eol}${base}`,
  );
}

function grow(text: string, node: Node, op: JsonOp, depth: number): string {
  const keys = (node.children ?? []).map((property) => String(property.children?.[0]?.value));
  const key = op.path[depth] ?? '';
  const orders = [
    (left: string, right: string) => left.localeCompare(right, 'en'),
    (left: string, right: string) => (left < right ? -1 : 1),
  ];
  const order = orders.find((compare) =>
    keys.every((there, index) => index === 0 || compare(keys[index - 1] ?? '', there) < 0),
  );
  const sorts = order && /dependencies$/i.test(op.path[depth - 1] ?? '');
  const behind = sorts ? keys.findIndex((there) => order(key, there) < 0) : -1;
  return insertItem(text, listOf(node), behind < 0 ? keys.length : behind, entryOf(text, op, depth, node));
}

/** Takes a value out, and then the containers that were made for it. */
function take(text: string, node: Node, depth: number, op: JsonOp): string {
  const item = node.parent?.type === 'property' ? node.parent : node;
  const container = item.parent;
  if (!container) return text;
  const list = listOf(container);
  const index = list.items.findIndex(({ start }) => start === item.offset);
  const inside = text.slice(list.open, item.offset) + text.slice(item.offset + item.length, list.close);
  if (list.items.length > 1 || /[^\s,]/.test(inside)) return removeItem(text, list, index);
  const [, level, empty] = /^(\d+) ([[{]\s*[\]}])$/.exec(op.was ?? '') ?? [];
  const stays = depth - 1 === (level === undefined ? 0 : Number(level));
  if (!stays && container.parent && depth > 1) return take(text, container, depth - 1, op);
  const blank = container.type === 'array' ? '[]' : '{}';
  return splice(
    text,
    container.offset,
    container.offset + container.length,
    stays && empty !== undefined ? empty : blank,
  );
}

const listOf = (node: Node): List => ({
  open: node.offset + 1,
  close: node.offset + node.length - 1,
  items: (node.children ?? []).map(({ offset, length }) => ({ start: offset, end: offset + length })),
});

/** True for JSON on one line, without blanks behind its colons. */
const isTight = (text: string): boolean =>
  /^[{[]\S/.test(text.trim()) && !/\n|": /.test(text.trim()) && text.trim() !== '{}';

function isSame(left: unknown, right: unknown): boolean {
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return left === right;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const rights = new Map(Object.entries(right));
  const lefts = Object.entries(left);
  return (
    lefts.length === rights.size && lefts.every(([key, value]) => rights.has(key) && isSame(value, rights.get(key)))
  );
}

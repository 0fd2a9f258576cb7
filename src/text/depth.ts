import type { Program } from 'oxc-parser';

/**
 * How deep code may be nested to be read. The native parser ends the whole process some thousands of levels deep (sooner
 * where the system's stack is small), and a walk of the tree fails soon after; what people write is below a hundred.
 */
const limits = { brackets: 300, chain: 1_500, tree: 1_500 };

/**
 * False for a text that cannot be nested deeply, by its marks alone, in one pass: brackets that are open, and what stands
 * in a row without an end of a statement. True says only that it may be: strings and comments count like code.
 */
export function mayBeDeep(text: string): boolean {
  if (text.length < limits.brackets) return false;
  let [open, chain] = [0, 0];
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 0x28: // (
      case 0x5b: // [
      case 0x7b: // {
        if (++open > limits.brackets || ++chain > limits.chain) return true;
        break;
      case 0x29: // )
      case 0x5d: // ]
        if (open > 0) open--;
        break;
      case 0x7d: // }
        if (open > 0) open--;
        if (!goesOn(text, at + 1)) chain = 0;
        break;
      case 0x3b: // ;
        chain = 0;
        break;
      case 0x20: // a space: between words such as `typeof typeof`
        if (text.charCodeAt(at - 1) > 0x40 && ++chain > limits.chain) return true;
        break;
      case 0x21: // !
      case 0x26: // &
      case 0x2a: // *
      case 0x2b: // +
      case 0x2d: // -
      case 0x2e: // .
      case 0x3a: // :
      case 0x3c: // <
      case 0x3d: // =
      case 0x3f: // ?
      case 0x60: // `
      case 0x7c: // |
      case 0x7e: // ~
        if (++chain > limits.chain) return true;
        break;
    }
  }
  return false;
}

/** `} else …` goes on with what was begun. */
function goesOn(text: string, from: number): boolean {
  let at = from;
  while (text.charCodeAt(at) <= 0x20) at++;
  return text.startsWith('else', at);
}

/** True for a tree that every walk can go through. */
export function isWalkable(program: Program): boolean {
  const queue: [object, number][] = [[program, 0]];
  for (let next = queue.pop(); next; next = queue.pop()) {
    const [node, depth] = next;
    if (depth > limits.tree) return false;
    for (const value of Object.values(node)) {
      if (typeof value !== 'object' || value === null) continue;
      for (const one of Array.isArray(value) ? value : [value])
        if (typeof one === 'object' && one !== null) queue.push([one, depth + 1]);
    }
  }
  return true;
}

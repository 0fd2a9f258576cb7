/** What a manifest needs at most. */
const limits = { characters: 300_000, depth: 12, values: 20_000, text: 4_000 };

const forbidden = new Set(['__proto__', 'constructor', 'prototype']);
/** Control characters, and what is not seen or turns a text around: a title must not be able to move the cursor. */
const unseen = /[\p{Cc}\p{Default_Ignorable_Code_Point}\p{Surrogate}\u2028\u2029\ufff9-\ufffb]/u;

/** What is wrong with a JSON text from outside, beside its shape; null where nothing is. */
export function faultInJson(text: string): string | null {
  if (text.length > limits.characters) return `has more than ${limits.characters} characters`;
  const parsed = parse(text);
  if ('fault' in parsed) return parsed.fault;
  let count = 0;
  const open: { value: unknown; depth: number }[] = [{ value: parsed.value, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, depth } = next;
    if (++count > limits.values) return `has more than ${limits.values} values`;
    if (depth > limits.depth) return `is nested more than ${limits.depth} levels deep`;
    if (typeof value === 'string') {
      const fault = faultInWords(value);
      if (fault !== null) return fault;
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, each] of Object.entries(value)) {
        if (forbidden.has(key)) return `has a key "${key}"`;
        const fault = faultInWords(key);
        if (fault !== null) return fault;
        open.push({ value: each, depth: depth + 1 });
      }
    }
  }
  return null;
}

function faultInWords(text: string): string | null {
  if (text.length > limits.text) return `has a text of more than ${limits.text} characters`;
  const found = unseen.exec(text)?.[0]?.codePointAt(0);
  if (found === undefined) return null;
  return `has a character in it that is not seen (U+${found.toString(16).toUpperCase().padStart(4, '0')})`;
}

function parse(text: string): { value: unknown } | { fault: string } {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { fault: `is not JSON (${JSON.stringify((error as Error).message).slice(1, -1)})` };
  }
}

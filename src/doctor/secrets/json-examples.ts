/** True for a place of a JSON text that stands under `example` or `examples`, as a schema shows what an answer looks like. */
export function isInExample(text: string, index: number): boolean {
  const keys: string[] = [];
  let last = '';
  for (const { 0: token, index: at } of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]]/g)) {
    if (at + token.length > index) break;
    if (token === '{' || token === '[') {
      keys.push(last);
      last = '';
    } else if (token === '}' || token === ']') keys.pop();
    else last = token.slice(1, -1);
  }
  return [...keys, last].some((key) => /^examples?$/i.test(key));
}

/** An element as it was read: its text is what is directly in it. */
export interface Element {
  name: string;
  attributes: Record<string, string>;
  children: Element[];
  text: string;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Characters that XML 1.0 knows, by its own table. */
const known = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;

/**
 * A strict reader for XML without comments, sections and processing instructions. Throws where a document is not
 * well-formed: what an XML parser must refuse is refused here.
 */
export function readXml(source: string): Element {
  if (!known.test(source)) throw new Error('A character that XML does not know.');
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>';
  if (!source.startsWith(declaration)) throw new Error('No declaration.');
  let at = declaration.length;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    const sticky = new RegExp(pattern, 'uy');
    sticky.lastIndex = at;
    const found = sticky.exec(source);
    if (found !== null) at = sticky.lastIndex;
    return found;
  };
  const fault = (what: string): Error => new Error(`${what} at ${at}: ${source.slice(at, at + 40)}`);

  const element = (): Element => {
    const name = take(/<([A-Za-z_][\w.-]*)/)?.[1];
    if (name === undefined) throw fault('No element');
    const attributes: Record<string, string> = {};
    for (
      let found = take(/\s+([A-Za-z_][\w.-]*)="([^"<]*)"/);
      found !== null;
      found = take(/\s+([A-Za-z_][\w.-]*)="([^"<]*)"/)
    ) {
      const [, key = '', value = ''] = found;
      if (key in attributes) throw fault(`"${key}" twice`);
      // A parser makes a space of every line break and tab that is not escaped.
      attributes[key] = unescaped(value.replaceAll(/[\r\n\t]/g, ' '));
    }
    if (take(/\s*\/>/)) return { name, attributes, children: [], text: '' };
    if (!take(/\s*>/)) throw fault('No end of the tag');
    const children: Element[] = [];
    let text = '';
    for (;;) {
      const words = take(/[^<]+/)?.[0] ?? '';
      if (words.includes(']]>')) throw fault('A loose ]]>');
      text += unescaped(words.replaceAll(/\r\n?/g, '\n'));
      if (take(/<\/([\w.-]+)\s*>/)?.[1] === name) return { name, attributes, children, text };
      children.push(element());
    }
  };
  take(/\s*/);
  const root = element();
  take(/\s*/);
  if (at !== source.length) throw fault('More than one element');
  return root;
}

const unescaped = (text: string): string => {
  if (/&(?!(?:amp|lt|gt|quot|apos|#\d+);)/.test(text)) throw new Error(`A loose & in ${text}`);
  return text.replaceAll(/&(#?\w+);/g, (_, name: string) =>
    name.startsWith('#') ? String.fromCodePoint(Number(name.slice(1))) : (entities[name] ?? ''),
  );
};

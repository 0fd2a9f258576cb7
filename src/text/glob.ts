/** A path pattern as an expression over whole paths: `*`, `?`, `**` and `{a,b}`, as package managers and git mean them. */
export function globExpression(pattern: string): RegExp {
  const source = pattern.replace(/\*\*\/?|\*|\?|\{[^{}]*\}|[^*?{]+|\{/g, (part) => {
    if (part.startsWith('**')) return part.endsWith('/') ? '(?:[^/]+/)*' : '.*';
    if (part === '*') return '[^/]*';
    if (part === '?') return '[^/]';
    if (part.startsWith('{') && part.endsWith('}')) return `(?:${part.slice(1, -1).split(',').map(escaped).join('|')})`;
    return escaped(part);
  });
  return new RegExp(`^${source}$`);
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

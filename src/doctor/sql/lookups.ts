/** Words of SQL that a parenthesis may follow, and types that take a length. */
const words =
  /^(if|elsif|and|or|not|in|exists|any|all|some|values|coalesce|nullif|greatest|least|case|when|then|else|select|where|on|using|as|from|return|returns|cast|row|over|filter|returning|by|limit|with|union|loop|while|set|key|conflict|materialized|within|group|into|array|varchar|char|character|numeric|decimal|bit|time|timestamp|interval)$/i;

/** What a statement reads or writes: the name behind `from`, `join`, `insert into`, `update`, `delete from`. */
const relations =
  /\b(?:(?<!distinct\s)from|join|insert\s+into|(?<!for\s|on\s|do\s)update|delete\s+from)\s+(?:only\s+)?("?\w+"?)(?!\w|\s*[.(])/gi;
const calls = /(?<![\w.])("?\w+"?)\s*\(/g;

/** True where a function's body names a relation or a function without its schema, or runs a text as a statement. */
export function looksUpNames(body: string): boolean {
  const code = body.replace(/--.*$|\/\*[\s\S]*?\*\//gm, ' ').replace(/'(?:[^']|'')*'/g, "''");
  if (/\bexecute\b|(?<![\w.])\w+%rowtype/i.test(code)) return true;
  const read = [...code.matchAll(relations)].some(([, name = '']) => !/^(select|lateral|unnest|old|new)$/i.test(name));
  return read || [...code.matchAll(calls)].some(([, name = '']) => !words.test(name));
}

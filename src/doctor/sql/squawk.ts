import type { Statement } from './file.ts';

/** The rules of squawk's that ours answer to: a comment that silences theirs silences ours. */
const answers: Readonly<Record<string, readonly string[]>> = {
  'mig/index-not-concurrent': [
    'require-concurrent-index-creation',
    'require-concurrent-index-deletion',
    'require-concurrent-reindex',
  ],
  'mig/concurrent-in-tx': ['ban-concurrent-index-creation-in-transaction'],
  'mig/set-not-null-scan': ['adding-not-nullable-field', 'adding-required-field'],
  'mig/validating-constraint': ['constraint-missing-not-valid', 'adding-foreign-key-constraint'],
  'mig/validate-same-tx': ['constraint-missing-not-valid'],
  'mig/volatile-default-rewrite': ['adding-field-with-default', 'adding-serial-primary-key-field'],
  'mig/type-rewrite': ['changing-column-type'],
  'mig/unique-direct': ['disallowed-unique-constraint', 'adding-serial-primary-key-field'],
  'mig/rename': ['renaming-column', 'renaming-table'],
  'mig/drop-before-code': ['ban-drop-column', 'ban-drop-table'],
  'mig/no-lock-timeout': ['require-lock-timeout', 'require-timeout-settings'],
  'mig/truncate-cascade': ['ban-truncate-cascade'],
  'mig/if-not-exists-invalid-index': ['prefer-robust-stmts'],
  'mig/serial-or-int-pk': [
    'prefer-bigint-over-int',
    'prefer-bigint-over-smallint',
    'prefer-identity',
    'prefer-big-int',
  ],
};

/** True where a `-- squawk-ignore` comment above or in the statement, or one for the whole file, names the rule or none at all. */
export function isSilenced(rule: string, statement: Statement, text: string): boolean {
  const wholeFile = [...text.matchAll(/(?:--|\/\*)\s*squawk-ignore-file\b([^\n*]*)/g)];
  const near = [...`${statement.lead}${statement.text}`.matchAll(/(?:--|\/\*)\s*squawk-ignore\b(?!-file)([^\n*]*)/g)];
  return [...wholeFile, ...near].some(([, names = '']) => {
    const named = names.split(/[\s,]+/).filter((name) => /^[a-z][a-z-]+$/.test(name));
    return named.length === 0 || named.some((name) => answers[rule]?.includes(name));
  });
}

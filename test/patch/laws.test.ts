import { describe, expect, it } from 'vitest';
import type { Op } from '../../src/model.ts';
import { add, drop, has } from '../../src/patch/index.ts';
import { syntaxErrors } from '../../src/patch/source.ts';
import { codeCases, jsonCases, lineCases, styles } from './hosts.ts';

const isCode = (op: Op): boolean => op.op !== 'json' && op.op !== 'line';
/** Styles that are about text only, and so fit any file. */
const forAnyText = /^as it is|CRLF|mixed|byte order mark$|tabs|four|final newline/;

const rows = Object.entries(styles).flatMap(([style, write]) => [
  ...codeCases.map(([name, host, op]) => ({ name, style, host: write(host), op })),
  ...(forAnyText.test(style) && !style.includes('shebang')
    ? [...jsonCases, ...lineCases].map(([name, host, op]) => ({ name, style, host: write(host), op }))
    : []),
]);

describe('Every op in a file of every style', () => {
  it.each(rows)('adds $name once and drops it without a trace, $style', ({ host, op }) => {
    const before = has(host, op);
    const added = add(host, op);
    if ('refused' in added) throw new Error(`${added.refused}\n${host}`);

    expect(before).toBe(false);
    expect(added.text).not.toBe(host);
    expect(has(added.text, added.op)).toBe(true);
    expect(has(added.text, op)).toBe(true);
    expect(add(added.text, added.op)).toEqual({ text: added.text, op: added.op });
    expect(drop(added.text, added.op)).toBe(host);
    expect(drop(host, added.op)).toBe(host);
    if (isCode(op)) expect(syntaxErrors(added.text, op.file)).toBe(syntaxErrors(host, op.file));
    if (!host.replace(/\r\n/g, '').includes('\n') && host.includes('\r\n'))
      expect(added.text.replace(/\r\n/g, '')).not.toContain('\n');
    expect(/\n$/.test(added.text)).toBe(/\n$/.test(host) || host.replace('\uFEFF', '') === '');
  });
});

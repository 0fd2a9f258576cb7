import { describe, expect, test } from 'vitest';
import { neededBy } from '../../src/text/ways.ts';

/** 'fs' as a word is '<fs>'. */
const shown = (expression: RegExp): string[] | null =>
  neededBy(expression)?.map(({ text, starts, ends }) => `${starts ? '<' : ''}${text}${ends ? '>' : ''}`) ?? null;

describe('what a text must have for an expression to match it', () => {
  test.each<[RegExp, string[] | null]>([
    [/\b(fs|fs-extra)\b|unzip/, ['<fs>', '<fs-extra>', 'unzip']],
    [/log-?in/, ['login', 'log-in']],
    [/['"]ws['"]/, ["'ws'", '\'ws"', '"ws\'', '"ws"']],
    [/\.(find|count)\w*\(/, ['.find', '.count']],
    [/\bfind\w+/, ['<find']],
    [/Promise\s*\.\s*all/, ['Promise']],
    [/new (?!Map)[A-Z]\w*\(/, ['new ']],
    [/ab{2}cd/, ['cd']],
    [/(abc)+d/, ['abc']],
    [/[a-z]{3}xy/, ['xy']],
    [/a.bc/, ['bc']],
    [/^import\b/m, ['import>']],
    [/\$where|\\server/, ['$where', '\\server']],
    [/\d+|name/, null],
    [/[MNO]\w{23}/, null],
    [/(name)*/, null],
    [/name/u, null],
  ])('%s needs %j', (expression, needed) => {
    expect(shown(expression)).toEqual(needed);
  });
});

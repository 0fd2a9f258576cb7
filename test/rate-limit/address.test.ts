import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  inNetworks,
  networkOf,
  parseAddress,
  type TrustedProxies,
} from '../../templates/rate-limit/core/client-address.ts';
import { accountSubject, byAddress, byApiKey, byUser, firstOf } from '../../templates/rate-limit/core/subjects.ts';
import { requestOf } from './support.ts';

const network = (text: string): string | null => {
  const bytes = parseAddress(text);
  return bytes && networkOf(bytes);
};

describe('An address', () => {
  test.each([
    ['203.0.113.7', '203.0.113.7'],
    ['203.0.113.7:51234', '203.0.113.7'],
    [' 203.0.113.7 ', '203.0.113.7'],
    ['"203.0.113.7:80"', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::FFFF:cb00:7107', '203.0.113.7'],
    ['0:0:0:0:0:ffff:203.0.113.7', '203.0.113.7'],
    ['[::ffff:203.0.113.7]:443', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:0001:0002::', '2001:db8:1:2::/64'],
    ['[2001:db8:1:2::9]:443', '2001:db8:1:2::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['64:ff9b::203.0.113.7', '64:ff9b:0:0::/64'],
    ['1:2:3:4:5:6:7::', '1:2:3:4::/64'],
  ])('%s counts as %s', (text, expected) => {
    expect(network(text)).toBe(expected);
  });

  test.each([
    '',
    'unknown',
    '_hidden',
    '203.0.113',
    '203.0.113.256',
    '203.0.113.07',
    '010.0.0.1',
    '1.2.3.4.5',
    '1..2.3',
    '1:2:3',
    '1:2:3:4:5:6:7:8:9',
    '1::2::3',
    '1:2:3:4:5:6:7:8::',
    '12345::',
    'g::',
    ':::',
    '::ffff:1.2.3.256',
    '0x7f.1',
    '1.2.3.4, 5.6.7.8',
  ])('%j is none', (text) => {
    expect(parseAddress(text)).toBeNull();
  });

  test('is read back as it was written, whichever way that is', () => {
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        const bytes = parseAddress(text);
        // The URL parser is another reader of the same syntax.
        const { hostname } = new URL(`http://[${text}]`);
        expect(bytes).toEqual(parseAddress(hostname));
        expect(bytes).toHaveLength(16);
      }),
    );
    fc.assert(fc.property(fc.ipV4(), (text) => void expect(network(text)).toBe(text)));
  });
});

describe('A network', () => {
  test.each([
    ['10.0.0.0/8', '10.255.0.1', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['10.0.0.0/8', '::ffff:10.1.1.1', true],
    ['192.168.1.128/25', '192.168.1.127', false],
    ['192.168.1.128/25', '192.168.1.200', true],
    ['203.0.113.7', '203.0.113.7', true],
    ['203.0.113.7', '203.0.113.6', false],
    ['0.0.0.0/0', '8.8.8.8', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['fd00::/8', 'fdab::1', true],
    ['fd00::/8', 'fe00::1', false],
    ['2001:db8::/33', '2001:db8:8000::1', false],
  ])('%s has %s: %s', (range, text, expected) => {
    const bytes = parseAddress(text);
    expect(bytes && inNetworks([range])(bytes)).toBe(expected);
  });

  test.each(['10.0.0.0/33', '10.0.0.0/-1', '10.0.0.0/x', 'loopback', '::/129', '::/1.5'])('%s is none', (range) => {
    expect(() => inNetworks([range])).toThrow(RangeError);
  });
});

describe('The client behind proxies', () => {
  const cases: readonly [string, TrustedProxies, string | undefined, string | undefined, string][] = [
    ['no proxy is trusted', 0, '203.0.113.7', '1.1.1.1', 'ip:203.0.113.7'],
    ['one is', 1, '10.0.0.1', '203.0.113.7', 'ip:203.0.113.7'],
    ['one is, and the client made up the left', 1, '10.0.0.1', '1.1.1.1, 2.2.2.2, 203.0.113.7', 'ip:203.0.113.7'],
    ['two are', 2, '10.0.0.1', '1.1.1.1, 203.0.113.7, 10.0.0.2', 'ip:203.0.113.7'],
    ['more are than there are', 3, '10.0.0.1', '203.0.113.7', 'ip:203.0.113.7'],
    ['one is, but sent no header', 1, '203.0.113.7', undefined, 'ip:203.0.113.7'],
    ['one is, and the header is empty', 1, '203.0.113.7', '', 'ip:203.0.113.7'],
    ['there are blanks and empty entries', 1, '10.0.0.1', ' , 203.0.113.7 ,', 'ip:203.0.113.7'],
    ['the entry is no address', 1, '10.0.0.1', '203.0.113.7, unknown', 'ip:unknown'],
    ['there is no address at all', 0, undefined, undefined, 'ip:unknown'],
    ['there is none, and a client that made one up', 0, undefined, '203.0.113.7', 'ip:unknown'],
    ['a network is', ['10.0.0.0/8'], '10.0.0.1', '1.1.1.1, 203.0.113.7, 10.0.0.2', 'ip:203.0.113.7'],
    ['a network is, which the request is not from', ['10.0.0.0/8'], '203.0.113.7', '10.0.0.3', 'ip:203.0.113.7'],
    ['all of the chain is', ['10.0.0.0/8'], '10.0.0.1', '10.0.0.9, 10.0.0.2', 'ip:10.0.0.9'],
    ['the first that is not is no address', ['10.0.0.0/8'], '10.0.0.1', '203.0.113.7, x', 'ip:unknown'],
    ['the mapped form comes from the socket', ['10.0.0.0/8'], '::ffff:10.0.0.1', '2001:db8::1', 'ip:2001:db8:0:0::/64'],
  ];
  test.each(cases)('is found where %s', (_title, trusted, address, forwarded, expected) => {
    const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
    expect(byAddress(trusted)(requestOf({ address, headers }))).toBe(expected);
  });

  test('is never what it says itself, whatever it sends', () => {
    const words = fc.constantFrom('1.1.1.1', '10.0.0.9', '::1', 'unknown', '', ' ', '"', '[::', '10.0.0.1:1');
    fc.assert(
      fc.property(
        fc.array(words, { maxLength: 8 }),
        fc.constantFrom<TrustedProxies>(1, ['10.0.0.0/8']),
        (made, trusted) => {
          const headers = { 'x-forwarded-for': [...made, '203.0.113.7'].join(', ') };
          expect(byAddress(trusted)(requestOf({ address: '10.0.0.1', headers }))).toBe('ip:203.0.113.7');
        },
      ),
    );
  });
});

describe('A subject', () => {
  const subjectOf = firstOf(byUser, byApiKey(), byAddress(0));

  test('is the user, else the key, else the address', () => {
    const headers = { 'x-api-key': 'sk_live_1' };
    expect(subjectOf(requestOf({ userId: '42', headers }))).toBe('user:42');
    expect(subjectOf(requestOf({ headers }))).toMatch(/^key:[\w-]{22}$/);
    expect(subjectOf(requestOf())).toBe('ip:203.0.113.7');
    expect(subjectOf(requestOf({ userId: '', headers: { 'x-api-key': '' } }))).toBe('ip:203.0.113.7');
    expect(firstOf(byUser)(requestOf())).toBeNull();
  });

  test('tells keys apart and does not hold them', () => {
    const of = (key: string) => byApiKey('authorization')(requestOf({ headers: { authorization: key } }));
    expect(of('Bearer a')).not.toBe(of('Bearer b'));
    expect(of('Bearer a')).not.toContain('Bearer');
  });

  test('is short, however long the id', () => {
    const [a, b] = ['x'.repeat(10_000), `${'x'.repeat(9_999)}y`].map((userId) => byUser(requestOf({ userId })));
    expect(a?.length).toBeLessThan(64);
    expect(a).not.toBe(b);
  });

  test('is one account, however it is typed', () => {
    expect(accountSubject(' Ada@Example.com ')).toBe(accountSubject('ada@example.com'));
    expect(accountSubject('ada@example.com')).not.toBe(accountSubject('bob@example.com'));
    expect(accountSubject('ada@example.com')).not.toContain('ada');
  });
});

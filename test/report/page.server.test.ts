import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Finding } from '../../src/model.ts';
import { page as pageOf } from '../../src/report/html/page.ts';
import type { Report } from '../../src/report/report.ts';
import { startChromium } from '../services/chromium.ts';

const finding = (more: Partial<Finding>): Finding => ({
  rule: 'sec/sql-injection',
  severity: 'error',
  confidence: 'certain',
  path: 'src/find.js',
  line: 2,
  message: 'What the client sends becomes SQL in <b>pool.query()</b>.',
  fix: 'Pass the values as parameters.',
  ...more,
});

const longLine = `const text = '${'x'.repeat(600)}';`;
const report: Report = {
  tool: {
    command: 'doctor',
    version: '1.2.3',
    rules: [
      {
        id: 'sec/sql-injection',
        title: 'SQL',
        help: 'It can end the `statement` <script>alert(1)</script>.',
        severity: 'error',
      },
      { id: 'ops/pid1', title: 'pid 1', help: 'Signals.', severity: 'warning' },
    ],
  },
  findings: [
    finding({}),
    finding({
      rule: 'ops/pid1',
      severity: 'warning',
      path: 'Dockerfile',
      line: 1,
      message: 'CMD is in the shell form.',
    }),
    finding({
      rule: 'ops/pid1',
      severity: 'info',
      path: null,
      line: null,
      message: 'The project.',
      confidence: 'likely',
    }),
    finding({ path: 'src/old.js', line: 1, suppressed: { kind: 'external', justification: 'in the baseline' } }),
  ],
  failures: [],
  failOn: 'error',
  base: '',
  clean: 'Looked at 3 source files (1,200 lines) with 64 rules.',
  sources: ({ path }) => (path === null ? null : `// <first>\n${longLine}\n</script><img src=x onerror=alert(1)>\n`),
};

const folder = mkdtempSync(join(tmpdir(), 'report-page-'));
const file = join(folder, 'report.html');
let browser: Browser;

beforeAll(async () => {
  writeFileSync(file, pageOf(report, { name: 'shop & "sons"', lines: 1200 }));
  browser = await startChromium();
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The page at a size, offline, with everything that went wrong in it. */
async function opened(
  width: number,
  colorScheme: 'light' | 'dark' = 'light',
): Promise<{ page: Page; faults: string[] }> {
  const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme, offline: true });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  page.on('request', (request) => request.url().startsWith('file:') || faults.push(request.url()));
  page.on('dialog', (dialog) => faults.push(dialog.message()));
  await page.goto(`file://${file}`);
  return { page, faults };
}

const visible = (page: Page) => page.locator('article:visible');

describe('the report as a page, in a real browser', () => {
  test.each([320, 375, 1280])('fits %i pixels, asks nobody for anything and runs without a fault', async (width) => {
    for (const scheme of ['light', 'dark'] as const) {
      const { page, faults } = await opened(width, scheme);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      expect(faults).toEqual([]);
      await page.close();
    }
  });

  test('shows the code, the place and what to do, and none of the project as markup', async () => {
    const { page } = await opened(1280);
    const first = visible(page).first();
    expect(await first.innerText()).toContain('src/find.js:2');
    expect(await first.locator('pre .hit').innerText()).toContain('const text');
    expect(await first.innerText()).toContain('<b>pool.query()</b>');
    expect(await page.locator('article img, article b, article script').count()).toBe(0);
    expect(await page.title()).toBe('Doctor: shop & "sons"');
  });

  test('filters by severity, area and words; what is let be is shown when asked', async () => {
    const { page } = await opened(1280);
    expect(await visible(page).count()).toBe(3);
    await page.getByLabel('Warnings').uncheck();
    expect(await visible(page).count()).toBe(2);
    await page.getByLabel('Warnings').check();
    await page.getByRole('button', { name: /Security/ }).click();
    expect(await visible(page).count()).toBe(1);
    await page.getByLabel('Let be').check();
    expect(await visible(page).count()).toBe(2);
    await page.getByRole('button', { name: /Security/ }).click();
    await page.getByRole('searchbox').fill('dockerfile shell');
    expect(await visible(page).count()).toBe(1);
    expect(await page.locator('#shown').innerText()).toBe('1 of 4 findings');
  });

  test('shows one rule by its name, and keeps what is shown in its address', async () => {
    const { page, faults } = await opened(1280);
    await page.getByRole('button', { name: 'ops/pid1' }).first().click();
    expect(await visible(page).count()).toBe(2);
    expect(await page.getByRole('heading', { name: 'Errors' }).isVisible()).toBe(false);
    await page.getByLabel('Remarks').uncheck();
    expect(new URL(page.url()).hash).toBe('#words=ops%2Fpid1&turned=info');
    await page.reload();
    expect(await visible(page).count()).toBe(1);
    expect(await page.getByRole('searchbox').inputValue()).toBe('ops/pid1');
    await page.getByRole('button', { name: 'ops/pid1' }).first().click();
    await page.getByLabel('Remarks').check();
    expect(await visible(page).count()).toBe(3);
    expect(faults).toEqual([]);
  });

  test('says once what a rule says of all, in a report of hundreds', async () => {
    const many = Array.from({ length: 300 }, (_, n) => finding({ path: `src/a${n}.js`, message: `Finding ${n}.` }));
    writeFileSync(join(folder, 'many.html'), pageOf({ ...report, findings: many }, { name: 'shop', lines: 1200 }));
    const { page, faults } = await opened(1280);
    await page.goto(`file://${join(folder, 'many.html')}`);
    expect(await visible(page).count()).toBe(300);
    for (const words of ['Pass the values as parameters.', 'Why it matters'])
      expect(await page.getByText(words).count()).toBe(1);
    await page.getByRole('searchbox').fill('a299.js');
    expect(await page.locator('#shown').innerText()).toBe('1 of 300 findings');
    expect(faults).toEqual([]);
  });

  test('can be read and worked with the keyboard alone', async () => {
    const { page } = await opened(1280);
    await page.locator('details summary').first().focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('details').first().innerText()).toContain('It can end the statement');
  });

  test('has enough contrast in both colours', async () => {
    for (const scheme of ['light', 'dark'] as const) {
      const { page } = await opened(1280, scheme);
      expect(await page.evaluate(contrasts)).toEqual([]);
    }
  });
});

/** Texts whose contrast to what is behind them is under 4.5 (WCAG 2.2, 1.4.3), large ones under 3; run in the page. */
const contrasts = `(() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b]
    .map((value) => value / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
    .reduce((sum, value, n) => sum + value * [0.2126, 0.7152, 0.0722][n], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parts(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const faults = [];
  for (const element of document.querySelectorAll('main *')) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== '');
    if (!own || !element.checkVisibility() || element.closest('.let-be')) continue;
    const style = getComputedStyle(element);
    const [a, b] = [light(parts(style.color)), light(behind(element))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    const least = parseFloat(style.fontSize) >= 24 ? 3 : 4.5;
    if (ratio < least) faults.push(element.className + ' ' + element.textContent.slice(0, 30) + ' ' + ratio.toFixed(2));
  }
  return faults;
})()`;

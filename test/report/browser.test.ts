import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserArgs, findBrowser } from './browser.ts';
import { diagnoses } from './diagnoses.ts';
import { renders } from './renders.ts';

const executablePath = findBrowser();
if (executablePath === undefined)
  console.log('HTML in a browser: skipped, no Chromium on this machine (apt-get install chromium, or CHROMIUM=PATH)');

const options = { toolVersion: '0.0.0-test', colour: false, unicode: true, width: 80 };
const looks = [
  ...Object.keys(diagnoses).flatMap((name) => [
    { name, width: 1280, scheme: 'light' as const },
    { name, width: 390, scheme: 'dark' as const },
  ]),
  { name: 'spoke-missing', width: 1280, scheme: 'dark' as const },
  { name: 'spoke-missing', width: 390, scheme: 'light' as const },
];

describe.skipIf(executablePath === undefined)('HTML in a browser, opened from disk with the network off', () => {
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'onlink-html-'));
    for (const [name, diagnosis] of Object.entries(diagnoses))
      await writeFile(join(folder, `${name}.html`), renders.html(diagnosis, options));
    browser = await chromium.launch({ ...(executablePath !== undefined && { executablePath }), args: browserArgs });
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test.for(looks)('$name, $width px, $scheme', { timeout: 60_000 }, async ({ name, width, scheme }) => {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme, offline: true });
    try {
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('request', (request) => {
        if (!request.url().startsWith('file:')) complaints.push(`asked for ${request.url()}`);
      });
      await page.goto(pathToFileURL(join(folder, `${name}.html`)).href);
      await page.evaluate('for (const details of document.querySelectorAll("details")) details.open = true');
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      expect(await page.locator('script, img, iframe').count()).toBe(0);
      expect(await page.locator('header, main, footer').count()).toBe(3);
      expect(await page.locator('h1').count()).toBe(1);
      // axe runs in the page, which our own policy would forbid; it is asked last, and only of what stands there.
      const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] });
      // There are no frames: it need not open a page of its own to put their answers together.
      const { violations } = await axe.setLegacyMode(true).analyze();
      expect(
        violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
      ).toEqual([]);
      expect(complaints).toEqual([]);
    } finally {
      await context.close();
    }
  });
});

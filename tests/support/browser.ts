import { existsSync } from 'node:fs';
import { it } from '@jest/globals';
import { chromium, type Page } from 'playwright-core';

const executablePath = process.env['TEST_CHROMIUM'] ?? '/usr/bin/chromium';

/** Without these, Chromium calls home at every start. */
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * An `it` that looks at pages in a real browser. Where there is none it is skipped with one line on standard error that says how to get
 * it; with REQUIRE_SERVICES=1 it fails instead.
 * @param look gets an empty page, and the URLs that were asked for outside this machine so far.
 */
export function itInBrowser(
  title: string,
  look: (page: Page, foreignUrls: readonly string[]) => Promise<void>,
): void {
  const missing = `no Chromium at ${executablePath} (install it: apt-get install chromium, or set TEST_CHROMIUM)`;
  if (existsSync(executablePath)) {
    it(title, () => withPage(look), 60_000);
  } else if (process.env['REQUIRE_SERVICES'] === '1') {
    it(title, () => {
      throw new Error(missing);
    });
  } else {
    process.stderr.write(`skipped "${title}": ${missing}\n`);
    it.skip(title, () => undefined);
  }
}

async function withPage(look: (page: Page, foreignUrls: readonly string[]) => Promise<void>): Promise<void> {
  const browser = await chromium.launch({ executablePath, args: quiet });
  try {
    const page = await browser.newPage();
    const foreignUrls: string[] = [];
    page.on('request', (request) => {
      const { protocol, hostname } = new URL(request.url());
      const isLocal = hostname === '127.0.0.1' || protocol === 'data:' || protocol === 'blob:';
      if (!isLocal) foreignUrls.push(request.url());
    });
    await look(page, foreignUrls);
  } finally {
    await browser.close();
  }
}

// Opens the page in a real browser, waits until it shows live figures, takes a picture and prints
// what a person would read.
import { chromium } from 'playwright-core';
import { flags } from './flags.mjs';

const args = flags({
  url: undefined, browser: '/usr/bin/chromium', screenshot: undefined,
  ready: '\\bready\\b', figure: '[data-figure="posts"]',
});
const browser = await chromium.launch({
  executablePath: args.browser,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
const problems = [];
page.on('pageerror', (error) => problems.push(String(error)));
page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
page.on('request', (request) => {
  if (!request.url().startsWith(args.url)) problems.push(`asks elsewhere: ${request.url()}`);
});
await page.goto(args.url);
await page.waitForFunction(
  (words) => new RegExp(words, 'i').test(document.body.innerText), args.ready, { timeout: 60000 });
for (const figure of args.figure.split(',')) {
  await page.waitForFunction(
    (selector) => /[1-9]/.test(document.querySelector(selector)?.textContent ?? ''),
    figure,
    { timeout: 60000 },
  );
}
const wide = await page.evaluate(() => document.body.innerText);
await page.screenshot({ path: args.screenshot });
await page.setViewportSize({ width: 390, height: 800 });
const overflow = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
await browser.close();
console.log(JSON.stringify({ text: wide, overflow, problems }));

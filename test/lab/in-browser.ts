/** Chromium for tests of the lab's page: `CHROMIUM`, or Debian's package. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { expect } from "vitest";
import type { Lab } from "../../src/lab/open-lab.ts";

export const executablePath = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser"].find(
  (file) => file !== undefined && existsSync(file),
);
if (executablePath === undefined)
  console.warn("skipped: no Chromium to open the lab in (apt-get install chromium, or set CHROMIUM to one)");

export interface Opened {
  readonly page: Page;
  /** Requests to others than the lab. */
  readonly foreign: string[];
  readonly complaints: string[];
  close(): Promise<void>;
}

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath, args: ["--no-sandbox"] });

/** Opens a lab's page and waits for its table. */
export async function visitLab(
  browser: Browser,
  of: Lab,
  options: BrowserContextOptions = {},
): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const foreign: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => {
    if (!/^(blob:)?http:\/\/127\.0\.0\.1:/.test(request.url()) && !request.url().startsWith("data:"))
      foreign.push(request.url());
  });
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.addInitScript("window.pwned = () => { window.wasPwned = true; console.error('pwned'); }");
  await page.goto(of.url);
  await page.waitForSelector("#connection[data-state=connected]");
  await page.waitForSelector("tbody tr");
  return { page, foreign, complaints, close: () => context.close() };
}

export const LOOKS: Readonly<Record<string, BrowserContextOptions>> = {
  light: {},
  dark: { colorScheme: "dark" },
  narrow: { viewport: { width: 360, height: 740 }, hasTouch: true },
  still: { reducedMotion: "reduce" },
};

/** A page has nothing that axe finds, and fits its width. */
export async function checkPage(page: Page): Promise<void> {
  const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  // In a world of its own: the page's policy would not let it in.
  const session = await page.context().newCDPSession(page);
  const { frameTree } = await session.send("Page.getFrameTree");
  const { executionContextId: contextId } = await session.send("Page.createIsolatedWorld", {
    frameId: frameTree.frame.id,
  });
  await session.send("Runtime.evaluate", { expression: axe, contextId });
  const { result } = await session.send("Runtime.evaluate", {
    expression:
      "axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations.map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.slice(0, 3).map(({ html, failureSummary }) => html.slice(0, 200) + failureSummary) })))",
    ...{ contextId, awaitPromise: true, returnByValue: true },
  });
  expect(result.value).toEqual([]);
  await session.detach();
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
}

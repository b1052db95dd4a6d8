/** Chromium for tests of the lab's page: `CHROMIUM`, or Debian's package. */
import { existsSync } from "node:fs";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
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

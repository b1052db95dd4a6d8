/** Tours in a real browser: by keyboard alone, and the shift of two distributions by its handle. Needs Chromium. */
import path from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Lab, openLab } from "../../../src/lab/open-lab.ts";
import type { SceneName } from "../../../src/lab/scenes/scene-names.ts";
import { SCENES } from "../../../src/lab/scenes/scenes.ts";
import { checkPage, executablePath, LOOKS, launchBrowser } from "../in-browser.ts";
import { emptyFolder } from "../made-runs.ts";

describe.skipIf(executablePath === undefined)("a tour", () => {
  let browser: Browser;
  let root: string;

  beforeAll(async () => {
    root = await emptyFolder();
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  async function visit(scene: SceneName, options: BrowserContextOptions = {}) {
    const lab: Lab = await openLab({
      folders: [path.join(root, "runs")],
      port: 0,
      isReadOnly: true,
      scene,
      cacheFolder: root,
      steadyClock: () => performance.now(),
    });
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.goto(lab.url);
    await page.waitForSelector(".tour h3");
    const close = async () => {
      await context.close();
      await lab.close();
    };
    return { page, complaints, close };
  }

  const untilAllHold = (page: Page) =>
    page.waitForFunction(
      () => {
        const claims = [...document.querySelectorAll<HTMLElement>(".claims li")];
        return claims.length > 0 && claims.every(({ dataset }) => dataset.holds === "true");
      },
      undefined,
      { timeout: 60_000 },
    );

  it("is completed by keyboard alone, under reduced motion, and each step's claim is on the screen", async () => {
    const { page, complaints, close } = await visit("two-players", { reducedMotion: "reduce" });
    expect(page.url()).not.toContain("t=");
    const { steps } = SCENES["two-players"];
    // The way to `Next`, once: it keeps the focus.
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press("Tab");
      if (await page.evaluate(() => document.activeElement?.textContent === "Next")) break;
    }
    for (const [i, { title, parts, claims }] of steps.entries()) {
      expect(await page.locator(".tour h3").textContent()).toBe(title);
      await untilAllHold(page);
      expect(await page.locator(".claims li").count()).toBe(claims.length);
      for (const part of parts)
        await page.waitForSelector(`[data-part="${part}"][data-pointed]`, { state: "attached" });
      if (i === steps.length - 1) break;
      await page.waitForSelector(".tour button.strong[aria-disabled=false]");
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Next");
      await page.keyboard.press("Enter");
    }
    expect(await page.locator(".tour a", { hasText: "Next scene" }).count()).toBe(1);
    expect(complaints).toEqual([]);
    await close();
  });

  it("moves the handle, and the reader's own hand gives the numbers of its place", async () => {
    const { page, complaints, close } = await visit("shift");
    await untilAllHold(page);
    const handle = page.locator("[data-part=shift-handle] input");
    await handle.fill("3");
    expect(await page.locator("[data-part=shift-curves] figcaption").first().textContent()).toContain(
      "0.5268",
    );
    for (const theta of [1, 3, 8]) {
      await page.locator(".tour button.strong[aria-disabled=false]").click();
      await untilAllHold(page);
      expect(Number(await handle.inputValue())).toBe(theta);
    }
    expect(complaints).toEqual([]);
    await close();
  });

  it.each(Object.keys(LOOKS))("(%s) fits its width and has nothing that axe finds", async (look) => {
    const { page, complaints, close } = await visit("shift", LOOKS[look]);
    await untilAllHold(page);
    await checkPage(page);
    expect(complaints).toEqual([]);
    await close();
  });
});

/** The page of the plane in a real browser, with a lab that really trains. Needs Chromium: `CHROMIUM`, or Debian's package. */
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Lab, openLab } from "../../../src/lab/open-lab.ts";
import { executablePath, launchBrowser } from "../in-browser.ts";
import { emptyFolder } from "../made-runs.ts";

/** Few units: compiled and trained in no time. */
const SMALL = "hidden-units=16&batch-size=32";

const LOOKS: Readonly<Record<string, BrowserContextOptions>> = {
  light: {},
  dark: { colorScheme: "dark" },
  narrow: { viewport: { width: 360, height: 740 }, hasTouch: true },
};

interface Drawn {
  readonly milliseconds: number;
  readonly sequence: number;
}

describe.skipIf(executablePath === undefined)("the page of the plane", () => {
  let browser: Browser;
  let lab: Lab;

  beforeAll(async () => {
    const root = await emptyFolder();
    lab = await openLab({
      folders: [path.join(root, "runs")],
      port: 0,
      isReadOnly: false,
      cacheFolder: root,
      steadyClock: () => performance.now(),
    });
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await lab?.close();
  });

  async function visit(hash: string, options: BrowserContextOptions = {}, of = lab) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    const complaints: string[] = [];
    const foreign: string[] = [];
    let frames = 0;
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("request", (request) => {
      if (!/^(blob:)?http:\/\/127\.0\.0\.1:|^data:/.test(request.url())) foreign.push(request.url());
    });
    page.on("websocket", (socket) =>
      socket.on("framereceived", ({ payload }) => {
        if (typeof payload !== "string") frames++;
      }),
    );
    await page.addInitScript(() => {
      const drawn: unknown[] = [];
      const long: number[] = [];
      Object.assign(window, { drawn, long });
      document.addEventListener("plane-drawn", (event) => drawn.push((event as CustomEvent).detail));
      new PerformanceObserver((list) =>
        long.push(...list.getEntries().map(({ duration }) => duration)),
      ).observe({
        entryTypes: ["longtask"],
      });
    });
    await page.goto(of.url);
    await page.waitForSelector("#connection[data-state=connected]");
    await page.evaluate((to) => {
      location.hash = to;
    }, hash);
    await page.waitForFunction(() => (window as unknown as { drawn: Drawn[] }).drawn.length > 0, undefined, {
      timeout: 40_000,
    });
    return { page, complaints, foreign, countFrames: () => frames, close: () => context.close() };
  }

  const drawnOf = (page: Page) => page.evaluate(() => (window as unknown as { drawn: Drawn[] }).drawn);
  const roundOf = async (page: Page): Promise<number> =>
    Number((await page.locator("[data-value=round]").textContent())!.replaceAll(",", ""));
  const untilRound = (page: Page, round: number) =>
    expect.poll(() => roundOf(page), { timeout: 30_000 }).toBe(round);
  const numbersOf = (page: Page) =>
    page.$$eval("[data-part=numbers] [data-value]", (all) => all.map(({ textContent }) => textContent));
  const colours = (page: Page): Promise<number> =>
    page.$eval("canvas[data-pane='0']", (element) => {
      const canvas = element as HTMLCanvasElement;
      const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
      return new Set(new Uint32Array(data.buffer)).size;
    });
  /** Of every control, by its name. */
  const controlsOf = (page: Page) =>
    page.$$eval(".plane-page :is(.setting, .legend, .play, .pairs) :is(input, select)", (all) =>
      all.flatMap((element) => {
        // How many rounds the next step is to take is nothing that is shown.
        if (element.closest("[data-part=step-rounds]")) return [];
        const { id, value, checked, type } = element as HTMLInputElement;
        const name = id || element.closest("[data-part]")!.getAttribute("data-part");
        return `${name} ${type === "checkbox" ? checked : value}`;
      }),
    );

  it("plays by itself where nothing is asked for, and draws frames of rounds that follow one another", async () => {
    const { page, complaints, close } = await visit("#plane");
    const first = await page.evaluate(() => performance.now());
    await page.waitForTimeout(5000);
    const [drawn, round] = [await drawnOf(page), await roundOf(page)];
    const seconds = ((await page.evaluate(() => performance.now())) - first) / 1000;
    // A quiet machine draws 30 a second; other tests run beside this one.
    expect(drawn.length / seconds).toBeGreaterThan(5);
    expect(new Set(drawn.map(({ sequence }) => sequence)).size).toBe(drawn.length);
    // Ten there; here at least more than one.
    expect(round).toBeGreaterThan(drawn.length);
    const times = drawn.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
    expect(times[Math.floor(times.length / 2)]).toBeLessThan(8);
    expect(complaints).toEqual([]);
    await close();
  });

  it.each(Object.keys(LOOKS))(
    "(%s) has no blank canvas, complains of nothing, and has nothing serious that axe finds",
    async (look) => {
      const { page, complaints, foreign, close } = await visit(
        `#plane?data=ring&${SMALL}&round=50&layers=rfhma`,
        {
          ...LOOKS[look],
          bypassCSP: true,
        },
      );
      await untilRound(page, 50);
      await page.waitForTimeout(1500);
      expect(await colours(page)).toBeGreaterThan(50);
      for (const summary of await page.locator("summary").all()) await summary.click();
      const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
      await page.evaluate(axe);
      const found = await page.evaluate(
        "axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations.map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.slice(0, 3).map(({ html, failureSummary }) => html.slice(0, 200) + failureSummary) })))",
      );
      expect(found).toEqual([]);
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      ).toBeLessThanOrEqual(0);
      expect(foreign).toEqual([]);
      expect(complaints).toEqual([]);
      await close();
    },
  );

  it("is paused at the start with reduced motion, and draws two frames a second", async () => {
    const { page, close } = await visit("#plane", { reducedMotion: "reduce" });
    await page.waitForTimeout(700);
    expect(await roundOf(page)).toBe(0);
    await page.getByRole("button", { name: "Play" }).click();
    const before = (await drawnOf(page)).length;
    await page.waitForTimeout(3000);
    const more = (await drawnOf(page)).length - before;
    expect(more).toBeGreaterThan(1);
    expect(more).toBeLessThan(9);
    await close();
  });

  it("gives from its address alone the same controls and, after as many rounds, the same losses", async () => {
    const first = await visit(
      `#plane?data=two-gaussians&${SMALL}&lr=2e-3&seed=7&layers=rfm&scale=logit&speed=10`,
    );
    await first.page.getByLabel("loss", { exact: true }).selectOption("minimax");
    await first.page.waitForFunction(() => location.hash.includes("loss=minimax"));
    await first.page.getByLabel("how many rounds").fill("40");
    await first.page.getByRole("button", { name: "Rounds", exact: true }).click();
    await untilRound(first.page, 40);
    await first.page.waitForFunction(() => location.hash.includes("round=40"));
    const numbers = await numbersOf(first.page);
    expect(numbers.every((text) => /\d/.test(text!))).toBe(true);
    const hash = new URL(first.page.url()).hash;
    expect(hash).not.toContain(lab.url.split("#t=")[1]);
    const second = await visit(hash);
    await untilRound(second.page, 40);
    expect(await numbersOf(second.page)).toEqual(numbers);
    expect(await controlsOf(second.page)).toEqual(await controlsOf(first.page));
    await first.close();
    await second.close();
  });

  it("reports what an address has wrong, and applies the rest", async () => {
    const { page, close } = await visit(`#plane?data=line&${SMALL}&nothing=1&b1=x&layers=rf`);
    await page.locator(".complaints li").nth(1).waitFor();
    expect(await page.locator(".complaints li").allTextContents()).toEqual([
      "nothing: expected an option of the plane, got this",
      expect.stringContaining("b1: expected a number"),
    ]);
    await expect
      .poll(() => page.getByLabel("data", { exact: true }).inputValue(), { timeout: 30_000 })
      .toBe("line");
    expect(await page.getByLabel("units a layer").inputValue()).toBe("16");
    expect(await page.getByLabel("discriminator D").isChecked()).toBe(false);
    await close();
  });

  it("is used by keyboard alone, and lights D's update line three times where k is 3", async () => {
    const { page, close } = await visit(`#plane?data=ring&${SMALL}&discriminator-steps=3`);
    let lit = 0;
    const counters: string[] = [];
    const phases: string[] = [];
    for (let i = 0; i < 40 && (await roundOf(page)) === 0; i++) {
      const before = await page.locator("[data-part=algorithm]").innerHTML();
      await page.keyboard.press("p");
      await expect
        .poll(() => page.locator("[data-part=algorithm]").innerHTML(), { timeout: 30_000 })
        .not.toBe(before);
      const current = page.locator("[aria-current=step]");
      if ((await current.count()) === 0) break;
      const part = (await current.getAttribute("data-part"))!;
      phases.push(part);
      if (part !== "line-discriminator-update") continue;
      lit++;
      counters.push((await page.locator("[data-part=counter]").textContent())!);
    }
    expect(lit).toBe(3);
    expect(counters).toEqual(["1 of 3", "2 of 3", "3 of 3"]);
    expect(phases.filter((part) => part.includes("-generator-"))[0]).toBe("line-generator-latents");
    const round = await roundOf(page);
    await page.keyboard.press("ArrowRight");
    await untilRound(page, round + 1);
    await page.keyboard.press("Shift+ArrowRight");
    await untilRound(page, round + 11);
    await page.keyboard.press("ArrowLeft");
    await untilRound(page, round + 10);
    await page.keyboard.press("4");
    expect(await page.getByLabel("manifold of G").isChecked()).toBe(true);
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    await page.locator("[data-part=undo]").dispatchEvent("click");
    expect(await page.getByRole("dialog").textContent()).toContain("Back to before the last change");
    await page.keyboard.press("Escape");
    await page.keyboard.press("r");
    await untilRound(page, 0);
    await close();
  });

  it("says of a refused value what the lab says, beside its control", async () => {
    const { page, close } = await visit(`#plane?data=ring&${SMALL}`);
    const field = page.getByLabel("learning rate of G");
    await field.fill("-1");
    await field.press("Enter");
    await page.locator("[data-part=setting-lr-generator] .said").waitFor();
    await field.fill("2e-3");
    await field.press("Enter");
    await page.waitForFunction(() => location.hash.includes("lr-generator=0.002"));
    expect(await page.locator(".said").count()).toBe(0);
    expect(await page.locator("[data-part=setting-lr-generator] .badge").textContent()).toBe("now");
    await page.goBack();
    await expect.poll(() => field.inputValue(), { timeout: 30_000 }).toBe("0.001");
    await close();
  });

  it("goes to any round, and begins a branch where a setting is changed in the past", async () => {
    const { page, complaints, close } = await visit(`#plane?data=ring&${SMALL}&round=60`);
    await untilRound(page, 60);
    const numbers = await numbersOf(page);
    const bar = page.getByRole("slider", { name: /^Round/ });
    await bar.fill("20");
    await untilRound(page, 20);
    expect(new URL(page.url()).hash).toContain("round=20");
    const losses = page.locator("[data-part=chart-losses] canvas");
    await losses.waitFor({ timeout: 30_000 });
    const box = (await losses.boundingBox())!;
    await losses.scrollIntoViewIfNeeded();
    await losses.click({ position: { x: box.width * 0.6, y: box.height / 2 } });
    await expect.poll(() => roundOf(page), { timeout: 30_000 }).toBeGreaterThan(22);
    await bar.fill("30");
    await untilRound(page, 30);
    await page.getByLabel("learning rate of D").fill("5e-3");
    await page.getByLabel("learning rate of D").press("Enter");
    const branches = page.locator("[data-part=branches] li");
    await branches.nth(1).waitFor({ timeout: 30_000 });
    expect(await branches.nth(1).textContent()).toContain("lr-discriminator 0.005");
    expect(await page.locator("[data-part=rounds] .marks span").count()).toBe(1);
    expect(await page.locator("[data-part=command]").textContent()).toContain("which no command can say");
    await page.locator("[data-part=undo]").click();
    await expect
      .poll(() => page.getByLabel("learning rate of D").inputValue(), { timeout: 30_000 })
      .toBe("0.001");
    await bar.fill("60");
    await untilRound(page, 60);
    expect(await numbersOf(page)).toEqual(numbers);
    expect(complaints).toEqual([]);
    await close();
  });

  it("leaves what is being written alone while it plays", async () => {
    const { page, close } = await visit(`#plane?data=ring&${SMALL}&speed=60`);
    await page.locator("[data-part=play]").first().click();
    const field = page.getByLabel("learning rate of D");
    await field.fill("");
    await field.pressSequentially("0.0045", { delay: 250 });
    const before = await roundOf(page);
    await expect.poll(() => roundOf(page), { timeout: 30_000 }).toBeGreaterThan(before);
    expect(await field.inputValue()).toBe("0.0045");
    await field.press("Enter");
    await expect.poll(() => page.url(), { timeout: 30_000 }).toContain("lr-discriminator=0.0045");
    await close();
  });

  it("opens ready pairs side by side, and says whether they are paired", async () => {
    const { page, close } = await visit(`#plane?data=two-gaussians&${SMALL}`);
    await page.getByLabel("Side by side").selectOption("minimax-non-saturating");
    await page.locator("canvas[data-pane='1']").waitFor({ timeout: 40_000 });
    expect(await page.locator("[data-part=pairing]").textContent()).toContain("the same real samples");
    expect(await page.locator("figcaption strong").allTextContents()).toEqual([
      "loss minimax",
      "loss non-saturating",
    ]);
    expect(new URL(page.url()).hash).toContain("pane2.loss=non-saturating");
    await close();
  });

  it("goes on at its round with a lab that was killed and started again", async () => {
    const root = await emptyFolder();
    const options = {
      folders: [root],
      isReadOnly: false,
      cacheFolder: root,
      steadyClock: () => performance.now(),
    };
    const first = await openLab({ ...options, port: 0 });
    const { page, close } = await visit(`#plane?data=line&${SMALL}&round=20`, {}, first);
    await untilRound(page, 20);
    const numbers = await numbersOf(page);
    const file = path.join(root, "lab", `${first.port}.token`);
    const token = await readFile(file, "utf8");
    await first.close();
    await page.waitForSelector("#connection[data-state=waiting]");
    expect(await roundOf(page)).toBe(20);
    // As a lab that is killed leaves it.
    await writeFile(file, token, { mode: 0o600 });
    const second = await openLab({ ...options, port: first.port });
    await page.waitForSelector("#connection[data-state=connected]", { timeout: 30_000 });
    await page.waitForFunction(() => document.querySelector("[data-value=round]")?.textContent === "0");
    await untilRound(page, 20);
    await expect.poll(() => numbersOf(page)).toEqual(numbers);
    await close();
    await second.close();
  });

  it("takes strokes by touch, and hands the points out", async () => {
    const { page, close } = await visit(`#plane?data=ring&${SMALL}`, LOOKS.narrow);
    await page.locator("summary", { hasText: "Draw your own data" }).click();
    const pad = page.locator(".pad canvas");
    await pad.scrollIntoViewIfNeeded();
    const box = (await pad.boundingBox())!;
    const session = await page.context().newCDPSession(page);
    const touch = (type: "touchStart" | "touchMove" | "touchEnd", share: number) =>
      session.send("Input.dispatchTouchEvent", {
        type,
        touchPoints: type === "touchEnd" ? [] : [{ x: box.x + box.width * share, y: box.y + box.height / 2 }],
      });
    await touch("touchStart", 0.2);
    for (let i = 1; i <= 6; i++) await touch("touchMove", 0.2 + i / 10);
    await touch("touchEnd", 0.8);
    // 0.6 of 2.5 units, 200 points a unit.
    await expect
      .poll(async () => Number(/(\d+) points/.exec((await pad.getAttribute("aria-label"))!)![1]))
      .toBeGreaterThan(270);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: /as CSV/ }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("points.csv");
    await close();
  });

  it("gets no frames while it is hidden, and grows by little while it plays as fast as it can", async () => {
    const { page, countFrames, close } = await visit(`#plane?data=ring&${SMALL}&speed=0`);
    const session = await page.context().newCDPSession(page);
    const heap = async (): Promise<number> => {
      await session.send("HeapProfiler.collectGarbage");
      return (await session.send("Runtime.getHeapUsage")).usedSize;
    };
    await page.keyboard.press("Space");
    await page.waitForTimeout(3000);
    const before = await heap();
    await page.waitForTimeout(12_000);
    expect(await roundOf(page)).toBeGreaterThan(200);
    expect((await heap()) - before).toBeLessThan(30e6);
    await page.evaluate(() => {
      Object.defineProperty(document, "hidden", { get: () => true, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    });
    await page.waitForTimeout(1000);
    const frames = countFrames();
    await page.waitForTimeout(2000);
    expect(countFrames()).toBe(frames);
    await close();
  });
});

/** Pages in a real browser, opened from disk. Needs Chromium: `CHROMIUM`, or Debian's package. */
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chartsToStills } from "../../../src/reports/charts/chart-to-still.ts";
import type { Report } from "../../../src/reports/content/report.ts";
import { readPageFiles } from "../../../src/reports/html/page-files.ts";
import { reportToHtml } from "../../../src/reports/html/report-to-html.ts";
import { HOSTILE_NAME, madeComparisonReport, madeResultReport, madeRunReport } from "./made-reports.ts";

const executablePath = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser"].find(
  (file) => file !== undefined && existsSync(file),
);
if (executablePath === undefined)
  console.warn("skipped: no Chromium to open reports in (apt-get install chromium, or set CHROMIUM to one)");

interface Opened {
  readonly page: Page;
  /** Requests but for the page itself and what lies in it. */
  readonly requests: string[];
  readonly complaints: string[];
  close(): Promise<void>;
}

describe.skipIf(executablePath === undefined)("a report in a browser", () => {
  let browser: Browser;
  let folder: string;
  const names = ["run", "comparison", "result"] as const;
  /** The comparison with as many lines as a sweep over three options has. */
  const MANY_LINES = 8;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "gan-eval-report-"));
    const files = await readPageFiles();
    const reports = [await madeRunReport(), madeComparisonReport(), madeResultReport()];
    for (const [i, report] of reports.entries())
      await writeFile(path.join(folder, `${names[i]}.html`), reportToHtml(report, files));
    const comparison = reports[1];
    const lines: Report = {
      ...comparison,
      charts: comparison.charts
        .filter(({ config }) => !config.parallels)
        .map((chart) => ({
          ...chart,
          config: {
            ...chart.config,
            datasets: Array.from({ length: MANY_LINES }, (_, i) => ({
              ...chart.config.datasets[0],
              label: `wgan_gp, b1 0.5, batchSize ${2 ** i}`,
            })),
          },
        })),
    };
    await writeFile(path.join(folder, "lines.html"), reportToHtml(lines, files));
    const run = await madeRunReport();
    const page = reportToHtml(run, files, await chartsToStills(run.charts, []));
    await writeFile(path.join(folder, "stills.html"), page);
    // As a server's policy would: scripts are not off, but forbidden.
    const strict = page.replace(/script-src [^;]*/, "script-src 'none'");
    await writeFile(path.join(folder, "strict.html"), strict);
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function open(
    name: (typeof names)[number] | "lines" | "stills" | "strict",
    options: BrowserContextOptions = {},
  ): Promise<Opened> {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 900 },
      acceptDownloads: true,
      ...options,
    });
    const page = await context.newPage();
    const url = pathToFileURL(path.join(folder, `${name}.html`)).href;
    const requests: string[] = [];
    const complaints: string[] = [];
    await page.route("**/*", (route) => {
      const address = route.request().url();
      if (address.split("#")[0] === url) return route.continue();
      requests.push(address);
      return route.abort();
    });
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("dialog", (dialog) => complaints.push(`dialog: ${dialog.message()}`));
    await page.addInitScript("window.pwned = () => { window.wasPwned = true; console.error('pwned'); }");
    await page.goto(url);
    return { page, requests, complaints, close: () => context.close() };
  }

  /** Colours that a canvas shows; a blank one has one. */
  const countColours = (page: Page, selector: string): Promise<number[]> =>
    page.$$eval(selector, (canvases) =>
      canvases.map((element) => {
        const canvas = element as HTMLCanvasElement;
        const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
        return new Set(new Uint32Array(data.buffer)).size;
      }),
    );

  it.each(names)(
    "(%s) asks for nothing, complains of nothing, runs nobody's script, draws every chart",
    async (name) => {
      const { page, requests, complaints, close } = await open(name);
      for (const colours of await countColours(page, "canvas")) expect(colours).toBeGreaterThan(10);
      expect(await page.locator("figure[data-chart] canvas").count()).toBeGreaterThan(0);
      for (const details of await page.locator("details > summary").all())
        if (await details.isVisible()) await details.click();
      await page.waitForTimeout(100);
      expect(await page.evaluate("window.wasPwned")).toBeUndefined();
      expect(requests).toEqual([]);
      expect(complaints).toEqual([]);
      await close();
    },
  );

  it("shows names as they are", async () => {
    const { page, close } = await open("run");
    const shown = await page.locator("h1").textContent();
    expect(shown).toContain('</script><img src=x onerror="pwned()">');
    expect(shown).toContain("漢字");
    const data = await page.locator("#report-data").textContent();
    expect(JSON.parse(data!).title).toBe(HOSTILE_NAME);
    await close();
  });

  it("goes through the samples by slider, keys and play", async () => {
    const { page, close } = await open("run");
    const visible = () => page.locator("[data-samples] .frames figure:visible").getAttribute("data-round");
    expect(await page.locator("[data-samples] .frames figure:visible").count()).toBe(1);
    expect(await visible()).toBe("200");
    const slider = page.getByRole("slider").first();
    await slider.focus();
    await page.keyboard.press("ArrowLeft");
    expect(await visible()).toBe("100");
    expect(await slider.getAttribute("aria-valuetext")).toBe("round 100");
    await page.keyboard.press("Home");
    expect(await visible()).toBe("0");
    await page.locator("[data-samples] [data-do=play]").click();
    await page.waitForTimeout(500);
    expect(await visible()).toBe("100");
    await close();
  });

  it("shows the film of the plane: other frames and layers are other images", async () => {
    const { page, close } = await open("run");
    const image = () =>
      page.$eval("[data-toy] canvas", (canvas) => (canvas as HTMLCanvasElement).toDataURL());
    const images = [await image()];
    await page.locator("#toy-slider").focus();
    await page.keyboard.press("Home");
    images.push(await image());
    for (const layer of await page.locator("[data-toy] input[data-layer]").all()) {
      await layer.uncheck();
      images.push(await image());
    }
    expect(new Set(images).size).toBe(images.length);
    await close();
  });

  it("switches scales, zooms by drag and back, and tells values by keyboard", async () => {
    const { page, close } = await open("run");
    const figure = page.locator("figure[data-chart=losses]");
    const canvas = figure.locator("canvas");
    const image = () => canvas.evaluate((element) => (element as HTMLCanvasElement).toDataURL());
    const linear = await image();
    await figure.locator("[data-do=scale]").click();
    expect(await figure.locator("[data-do=scale]").getAttribute("aria-pressed")).toBe("true");
    expect(await image()).not.toBe(linear);
    await figure.locator("[data-do=scale]").click();
    expect(await figure.locator("[data-do=reset]").isVisible()).toBe(false);
    const box = (await canvas.boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.3, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, box.y + box.height / 2);
    await page.mouse.up();
    expect(await figure.locator("[data-do=reset]").isVisible()).toBe(true);
    await figure.locator("[data-do=reset]").click();
    expect(await figure.locator("[data-do=reset]").isVisible()).toBe(false);
    await canvas.focus();
    await page.keyboard.press("ArrowRight");
    expect(await figure.locator(".readout").textContent()).toMatch(/^round 10, generator: /);
    await close();
  });

  it("is dark where the system is, and by its button; charts follow", async () => {
    const { page, close } = await open("run", { colorScheme: "dark" });
    const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const corner = () =>
      page.$eval("canvas", (canvas) => [
        ...(canvas as HTMLCanvasElement).getContext("2d")!.getImageData(1, 1, 1, 1).data.slice(0, 3),
      ]);
    expect([await ground(), await corner()]).toEqual(["rgb(20, 24, 29)", [20, 24, 29]]);
    await page.locator("#theme").click();
    expect([await ground(), await corner()]).toEqual(["rgb(255, 255, 255)", [255, 255, 255]]);
    await close();
  });

  it("hands out its data as CSV and JSON", async () => {
    const { page, close } = await open("run");
    const fetchFile = async (selector: string): Promise<string> => {
      const [download] = await Promise.all([page.waitForEvent("download"), page.locator(selector).click()]);
      return readFile(await download.path(), "utf8");
    };
    const csv = await fetchFile("figure[data-chart=losses] [data-do=csv]");
    expect(csv.split("\r\n")[0]).toBe("chart,series,name,x,y");
    expect(csv.split("\r\n")).toHaveLength(1 + 2 * 60 + 1);
    expect((await fetchFile("[data-do=all-csv]")).length).toBeGreaterThan(csv.length);
    expect(JSON.parse(await fetchFile("[data-do=all-json]"))).toMatchObject({
      schema: "gan-eval/report/1",
      title: HOSTILE_NAME,
    });
    await close();
  });

  it("sorts tables by their headings", async () => {
    const { page, close } = await open("comparison");
    const table = page.locator("#table-rows table");
    const value = table.locator("thead button").nth(2);
    await value.click();
    await value.click();
    expect(await table.locator("thead th").nth(2).getAttribute("aria-sort")).toBe("descending");
    const cells = await table.locator("tbody tr td:nth-child(3)").allInnerTexts();
    const numbers = cells.filter((cell) => cell !== "").map(Number);
    expect(numbers).toEqual([...numbers].sort((a, b) => b - a));
    await close();
  });

  it("fits a telephone, and reads without scripts", async () => {
    const { page, close } = await open("run", { viewport: { width: 390, height: 800 } });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await close();
    const plain = await open("run", { javaScriptEnabled: false });
    expect(await plain.page.locator("[data-samples] .frames figure:visible").count()).toBe(3);
    expect(await plain.page.locator("button:visible, input:visible").count()).toBe(0);
    // Each chart is an image that has something on it, or says where its values are; no frame is empty.
    expect(await plain.page.locator("canvas:visible").count()).toBe(0);
    const charts = await plain.page.locator("figure[data-chart]").count();
    expect(charts).toBeGreaterThan(0);
    expect(await plain.page.locator("figure[data-chart] [data-scriptless]:visible").count()).toBe(charts);
    await plain.page.locator("figure[data-chart=losses] summary").click();
    expect(await plain.page.locator("figure[data-chart=losses] table").isVisible()).toBe(true);
    await plain.close();
  });

  it.each([
    ["light", 1280],
    ["light", 390],
    ["dark", 1280],
    ["dark", 390],
  ] as const)(
    "shows an image of each chart on %s ground at a width of %i where scripts do not run, whoever forbids them",
    async (colorScheme, width) => {
      const options = { colorScheme, viewport: { width, height: 900 } } as const;
      const forbidden = await open("strict", options);
      const off = await open("stills", { ...options, javaScriptEnabled: false });
      for (const { page } of [forbidden, off]) {
        const stills = page.locator("figure[data-chart] img.still:visible");
        expect(await stills.count()).toBe(await page.locator("figure[data-chart]").count());
        for (const still of await stills.all()) {
          expect(await still.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBeGreaterThan(
            400,
          );
          const box = (await still.boundingBox())!;
          expect(box.x + box.width).toBeLessThanOrEqual(width);
        }
        expect(await page.locator("canvas:visible").count()).toBe(0);
      }
      await forbidden.close();
      await off.close();
      const scripted = await open("stills", options);
      expect(await scripted.page.locator("[data-scriptless]:visible").count()).toBe(0);
      expect(await scripted.page.locator("canvas:visible").count()).toBeGreaterThan(0);
      await scripted.close();
    },
  );

  it.each([390, 1280])("shows every key of a chart of many lines at a width of %i", async (width) => {
    const { page, close } = await open("lines", { viewport: { width, height: 800 } });
    const legends = (await page.evaluate(
      "Object.values(Chart.instances).map(({ legend: { legendHitBoxes, bottom } }) => ({ keys: legendHitBoxes.length, isWhole: legendHitBoxes.every(({ top, height }) => top + height <= bottom) }))",
    )) as { keys: number; isWhole: boolean }[];
    expect(legends.length).toBeGreaterThan(0);
    for (const legend of legends) expect(legend).toEqual({ keys: MANY_LINES, isWhole: true });
    await close();
  });

  it("prints on light ground with every table open", async () => {
    const { page, close } = await open("run", { colorScheme: "dark" });
    await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe("light");
    expect(await page.locator("details:not([open])").count()).toBe(0);
    await page.evaluate(() => window.dispatchEvent(new Event("afterprint")));
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBeUndefined();
    await close();
  });

  describe.each(["light", "dark"] as const)("on %s ground", (colorScheme) => {
    it.each(names)("(%s) has nothing serious that axe finds", async (name) => {
      const { page, close } = await open(name, { colorScheme });
      await page.evaluate(() => {
        for (const details of document.querySelectorAll("details")) details.open = true;
      });
      const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
      await page.evaluate(axe);
      const violations = (await page.evaluate(
        "axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations.map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.slice(0, 3).map(({ html, failureSummary }) => html.slice(0, 200) + failureSummary) })))",
      )) as { id: string; impact: string }[];
      expect(violations.filter(({ impact }) => impact === "serious" || impact === "critical")).toEqual([]);
      await close();
    });
  });
});

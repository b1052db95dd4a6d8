/** The lab's page in a real browser, while runs grow. Needs Chromium: `CHROMIUM`, or Debian's package. */
import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lockFolder } from "../../src/files/lock.ts";
import { type Lab, openLab } from "../../src/lab/open-lab.ts";
import { HOSTILE, HOSTILE_NAME } from "../reports/html/made-reports.ts";
import { checkPage, executablePath, LOOKS, launchBrowser, visitLab } from "./in-browser.ts";
import { emptyFolder, growLosses, writeRun, writeSample } from "./made-runs.ts";

describe.skipIf(executablePath === undefined)("the page of a lab", () => {
  let browser: Browser;
  let root: string;
  let live: string;
  let lab: Lab;
  let unlock: () => Promise<void>;

  const open = (folders: string[], isReadOnly = false, port = 0): Promise<Lab> =>
    openLab({ folders, port, isReadOnly, cacheFolder: root, steadyClock: () => performance.now() });

  beforeAll(async () => {
    root = await emptyFolder();
    live = await writeRun(path.join(root, "runs/live"), { status: "running", round: 5 });
    await writeSample(live, 10);
    for (const name of ["alpha", "beta"]) await writeRun(path.join(root, `runs/${name}`));
    await writeRun(path.join(root, "runs/poor"), {
      status: "failed",
      failure: "a loss is NaN",
      started: "2026-02-01T00:00:00.000Z",
      events: [{ round: 7, kind: "mode-collapse", message: "one mode" }],
    });
    await writeRun(path.join(root, "sweeps/grid/first"));
    await writeRun(path.join(root, "sweeps/grid/second"));
    ({ unlock } = await lockFolder(live, Date.now));
    lab = await open([path.join(root, "runs"), path.join(root, "sweeps")]);
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await lab?.close();
    await unlock?.();
  });

  const visit = (of: Lab = lab, options: BrowserContextOptions = {}) => visitLab(browser, of, options);

  const line = (page: Page, name: string) => page.locator("tbody tr", { hasText: name });
  const names = (page: Page) =>
    page.$$eval("tbody th", (cells) => cells.map((cell) => cell.textContent!.replace(/.*\//, "")));
  const canvasInk = (page: Page, selector: string): Promise<number> =>
    page.$eval(selector, (element) => {
      const canvas = element as HTMLCanvasElement;
      const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
      return new Set(new Uint32Array(data.buffer)).size;
    });

  it("lists runs and sweeps with what is known of them", async () => {
    const { page, close } = await visit();
    expect((await names(page)).sort()).toEqual(["alpha", "beta", "grid", "live", "poor"]);
    const running = await line(page, "live").textContent();
    for (const text of ["running", "of 100", "Sliced Wasserstein 0.25", "2026-01-02"])
      expect(running).toContain(text);
    expect(await line(page, "poor").textContent()).toContain("mode collapse");
    expect(await line(page, "grid").textContent()).toContain("2 finished");
    await page.getByRole("link", { name: /grid/ }).click();
    await page.waitForFunction(() => document.querySelectorAll("tbody tr").length === 2);
    expect((await names(page)).sort()).toEqual(["first", "second"]);
    await close();
  });

  it("takes the token out of the address, and keeps it for a reload", async () => {
    const { page, close } = await visit();
    expect(page.url()).not.toContain("t=");
    expect(await page.title()).not.toContain(lab.url.split("=")[1]);
    await page.reload();
    await page.waitForSelector("tbody tr");
    await close();
    const context = await browser.newContext();
    const stranger = await context.newPage();
    await stranger.goto(`http://127.0.0.1:${lab.port}/`);
    await stranger.waitForSelector("#connection[data-state=refused]");
    expect(await stranger.locator("tbody tr").count()).toBe(0);
    await context.close();
  });

  it("sorts by each heading, both ways, and filters by text and status", async () => {
    const { page, close } = await visit();
    await page.getByRole("button", { name: "run", exact: true }).click();
    expect(await names(page)).toEqual(["alpha", "beta", "live", "poor", "grid"]);
    await page.getByRole("button", { name: "run", exact: true }).click();
    expect(await names(page)).toEqual(["grid", "poor", "live", "beta", "alpha"]);
    expect(await page.locator("th[aria-sort=descending]").textContent()).toContain("run");
    await page.getByRole("button", { name: "verdict" }).click();
    expect((await names(page))[0]).toBe("poor");
    await page.getByLabel("filter").fill("COLLAPSE a");
    expect(await names(page)).toEqual(["poor"]);
    await page.getByLabel("filter").fill("first");
    expect(await names(page)).toEqual(["first"]);
    await page.getByLabel("filter").fill("");
    await page.locator("#status").selectOption("running");
    expect(await names(page)).toEqual(["live"]);
    await close();
  });

  it("shows what grows, and leaves focus, typed text and the place on the screen", async () => {
    const { page, close } = await visit(lab, { viewport: { width: 1280, height: 260 } });
    const link = line(page, "live").getByRole("link");
    await page.getByLabel("filter").fill("runs");
    await link.focus();
    const place = await link.boundingBox();
    const before = await line(page, "live").locator(".progress").textContent();
    await growLosses(live, 21, 30);
    const late = path.join(root, "runs/late");
    await writeRun(late, { started: "2026-03-01T00:00:00.000Z" });
    await line(page, "late").waitFor({ timeout: 10_000 });
    await page.waitForFunction(() => document.body.textContent!.includes("30 of 100"), undefined, {
      timeout: 10_000,
    });
    expect(before).not.toContain("30 of");
    expect(await link.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await page.getByLabel("filter").inputValue()).toBe("runs");
    expect(await link.boundingBox()).toEqual(place);
    await rm(late, { recursive: true });
    await line(page, "late").waitFor({ state: "detached", timeout: 10_000 });
    await close();
  });

  it("shows a run's charts and samples as they grow", async () => {
    const { page, complaints, close } = await visit();
    await line(page, "live").getByRole("link").click();
    await page.waitForSelector("[data-chart=losses] canvas");
    await page.waitForSelector("img[alt='samples of round 10']");
    await page.locator("[data-chart=losses] summary").click();
    const last = () => page.locator("[data-chart=losses] tbody tr:last-child td:first-child").textContent();
    const before = Number(await last());
    await growLosses(live, before + 1, before + 12);
    await writeSample(live, before + 12);
    await expect.poll(last, { timeout: 10_000 }).toBe(String(before + 12));
    await page.waitForSelector(`img[alt='samples of round ${before + 12}']`, { timeout: 10_000 });
    expect(await canvasInk(page, "[data-chart=losses] canvas")).toBeGreaterThan(10);
    const slider = page.getByLabel("round", { exact: true });
    await slider.focus();
    await page.keyboard.press("Home");
    await page.waitForSelector("img[alt='samples of round 10']");
    await writeSample(live, before + 13);
    await page.waitForFunction(
      () => document.querySelector<HTMLInputElement>("input[type=range]")!.max === "2",
    );
    expect(await page.locator("img.grid").getAttribute("alt")).toBe("samples of round 10");
    expect(await page.locator("pre").textContent()).toBe("gan-eval train --data ring");
    expect(complaints).toEqual([]);
    await close();
  });

  it("asks a run in progress to stop, unless it may only read", async () => {
    const { page, close } = await visit();
    page.on("dialog", (dialog) => dialog.accept());
    await line(page, "alpha").getByRole("link").click();
    await page.waitForSelector("[data-chart=losses]");
    expect(await page.getByRole("button", { name: "stop" }).isVisible()).toBe(false);
    await page.goBack();
    await line(page, "live").getByRole("link").click();
    await page.getByRole("button", { name: "stop" }).click();
    await page.getByText("asked to stop").waitFor();
    expect(existsSync(path.join(live, "stop-request"))).toBe(true);
    await rm(path.join(live, "stop-request"));
    await close();
    const reader = await open([path.join(root, "runs")], true);
    const second = await visit(reader);
    await line(second.page, "live").getByRole("link").click();
    await second.page.waitForSelector("[data-chart=losses]");
    expect(await second.page.getByRole("button", { name: "stop" }).isVisible()).toBe(false);
    const status = await second.page.evaluate(async () => {
      const headers = { Authorization: `Bearer ${sessionStorage.getItem("gan-eval-token")}` };
      const id = location.hash.split("=")[1];
      return (await fetch(`/api/runs/${id}/stop`, { method: "POST", headers })).status;
    });
    expect(status).toBe(403);
    expect(existsSync(path.join(live, "stop-request"))).toBe(false);
    await second.close();
    await reader.close();
  });

  it("shows hostile names, columns, events and files as the text that they are", async () => {
    const folder = await emptyFolder();
    const run = await writeRun(path.join(folder, HOSTILE[1].replaceAll("/", "")), {
      name: HOSTILE_NAME,
      status: "failed",
      failure: HOSTILE_NAME,
      command: ["gan-eval", HOSTILE_NAME],
      config: { model: HOSTILE_NAME, [HOSTILE_NAME]: HOSTILE_NAME },
      data: { label: HOSTILE_NAME, shape: [2] },
      events: [{ round: 1, kind: HOSTILE_NAME, message: HOSTILE_NAME }],
    });
    await writeFile(
      path.join(run, "scores.csv"),
      `round,__proto__,constructor,"<img src=x onerror=pwned()>"\n1,1,2,3\n2,1,2,3\n`,
    );
    await writeFile(path.join(run, "losses.csv"), "round,epoch,generator_loss,<b>\n1,0,1,1\n2,0,2,1\n");
    await writeSample(run, 1);
    await writeFile(path.join(run, "samples/00000001.png"), "<script>pwned()</script>");
    const other = await open([folder]);
    const { page, foreign, complaints, close } = await visit(other);
    expect(await page.locator("tbody").textContent()).toContain("<svg onload=");
    await page.locator("tbody a").click();
    await page.waitForSelector("[data-chart=losses]");
    for (const summary of await page.locator("summary").all()) await summary.click();
    await page.waitForTimeout(300);
    const shown = await page.locator("main").textContent();
    expect(shown).toContain('</script><img src=x onerror="pwned()">');
    expect(shown).not.toMatch(/[\u202e\u2066]/);
    expect(await page.evaluate("window.wasPwned")).toBeUndefined();
    expect(foreign).toEqual([]);
    expect(complaints.filter((text) => !text.includes("404"))).toEqual([]);
    await close();
    await other.close();
  });

  it("goes on by itself with a lab that was killed and started again, and says when it needs a new address", async () => {
    const first = await open([path.join(root, "runs")]);
    const { page, close } = await visit(first);
    const token = await readFile(path.join(root, "lab", `${first.port}.token`), "utf8");
    expect(first.url).toContain(token);
    await first.close();
    expect(existsSync(path.join(root, "lab", `${first.port}.token`))).toBe(false);
    await page.waitForSelector("#connection[data-state=waiting]");
    expect(await names(page)).not.toEqual([]);
    // As a lab that is killed leaves it.
    await writeFile(path.join(root, "lab", `${first.port}.token`), token, { mode: 0o600 });
    const second = await open([path.join(root, "runs")], false, first.port);
    expect(second.url).toBe(first.url);
    await page.waitForSelector("#connection[data-state=connected]", { timeout: 5000 });
    await second.close();
    const third = await open([path.join(root, "runs")], false, first.port);
    await page.waitForSelector("#connection[data-state=refused]", { timeout: 10_000 });
    await page.goto(third.url);
    await page.waitForSelector("#connection[data-state=connected]");
    await close();
    await third.close();
  });

  it("is used by keyboard alone", async () => {
    const { page, close } = await visit();
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement!.className)).toBe("skip");
    await page.getByLabel("filter").focus();
    await page.keyboard.type("alpha");
    await line(page, "beta").waitFor({ state: "detached" });
    for (let i = 0; i < 12; i++) {
      await page.keyboard.press("Tab");
      if (await page.evaluate(() => document.activeElement!.matches("tbody a"))) break;
    }
    await page.keyboard.press("Enter");
    await page.waitForSelector("[data-chart=losses]");
    expect(await page.evaluate(() => document.activeElement!.tagName)).toBe("H2");
    await close();
  });

  it.each(Object.keys(LOOKS))(
    "(%s) complains of nothing, fits its width, and has nothing serious that axe finds",
    async (look) => {
      const { page, foreign, complaints, close } = await visit(lab, LOOKS[look]);
      const check = () => checkPage(page);
      await check();
      await line(page, "live").getByRole("link").click();
      await page.waitForSelector("[data-chart=losses] canvas");
      for (const summary of await page.locator("summary").all()) await summary.click();
      await check();
      expect(foreign).toEqual([]);
      expect(complaints).toEqual([]);
      await close();
    },
  );
});

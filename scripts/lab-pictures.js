// Makes the pictures of docs/lab.md, docs/plane.md and the README from a lab that really runs. Needs Chromium (`CHROMIUM`, or
// Debian's package):
//
//   npm run build && node scripts/lab-pictures.js [--only plane,tour,runs,run,narrow,film]
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import sharp from "sharp";
import { sceneToAddress } from "../dist/lab/client/plane/scene-address.js";
import { openLab } from "../dist/lab/open-lab.js";

const root = path.resolve(import.meta.dirname, "..");
const pictures = path.join(root, "docs/pictures");
const { values } = parseArgs({ options: { only: { type: "string" } } });
const isWanted = (name) => values.only === undefined || values.only.split(",").includes(name);

const executablePath = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser"].find(
  (file) => file && existsSync(file),
);
if (!executablePath) throw new Error("expected Chromium at /usr/bin/chromium or in CHROMIUM, got none");

const work = mkdtempSync(path.join(tmpdir(), "gan-eval-pictures-"));
const program = path.join(root, "dist/cli/main.js");
const train = (name, ...args) =>
  execFileSync(
    process.execPath,
    [program, "train", "--eval-every", "250", "--quiet", "--out", path.join(work, "runs", name), ...args],
    { cwd: work, stdio: "ignore" },
  );

// Runs are called as they were reached: `runs/plain`.
process.chdir(work);
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const lab = await openLab({
  folders: ["runs"],
  port: 0,
  isReadOnly: false,
  cacheFolder: work,
  steadyClock: () => performance.now(),
});

async function visit(address, { width = 1280, height = 860, dark = false } = {}) {
  const page = await browser.newPage({
    viewport: { width, height },
    colorScheme: dark ? "dark" : "light",
    deviceScaleFactor: 1,
  });
  await page.goto(address === "" ? lab.url : `${lab.url}&${address}`);
  return page;
}

/** Colours of a page are few: a palette of 256 makes a third of the file. */
const keep = async (name, png) =>
  sharp(png)
    .png({ palette: true, effort: 10 })
    .toFile(path.join(pictures, `lab-${name}.png`));

const isDrawn = (page) =>
  page.waitForFunction(() => {
    const canvas = document.querySelector('[data-part="plane"] canvas');
    return canvas && canvas.width > 0;
  });

async function takeSteps(page, steps) {
  await page.waitForSelector(".tour h3");
  for (let i = 1; i < steps; i++) {
    await page.waitForTimeout(300);
    await page.locator(".tour button.strong[aria-disabled=false]").click({ timeout: 120_000 });
  }
  await page.waitForTimeout(300);
  await page.locator(".tour button.strong[aria-disabled=false]").waitFor({ timeout: 120_000 });
  await page.waitForTimeout(2500);
}

const SHOTS = {
  async plane() {
    const page = await visit("plane?data=disjoint&packing=4&seed=1&round=700&layers=rfhma");
    await isDrawn(page);
    await page.waitForSelector('[data-part="reading-js"], [data-part="readings"] td');
    await page.waitForTimeout(4000);
    await keep("plane", await page.screenshot());
  },
  async tour() {
    const page = await visit(sceneToAddress("saturation").slice(1), { dark: true });
    await takeSteps(page, 3);
    await keep("tour", await page.screenshot());
  },
  async narrow() {
    const page = await visit("plane?data=disjoint&packing=4&seed=1&round=700&layers=rfh", {
      width: 380,
      height: 800,
    });
    await isDrawn(page);
    await page.waitForTimeout(4000);
    await keep("narrow", await page.screenshot());
  },
  async runs() {
    const page = await visit("runs");
    await page.waitForSelector("tbody tr");
    await page.waitForTimeout(2000);
    await keep("runs", await page.screenshot());
  },
  async run() {
    const page = await visit("runs");
    await page.locator("tbody a", { hasText: "packing" }).first().click();
    await page.waitForSelector("[data-chart=losses] canvas");
    await page.waitForTimeout(1500);
    // Its charts, with smoothing and the values of a round.
    await page.locator("#smooth").selectOption({ index: 2 });
    await page.locator("[data-chart=losses]").evaluate((element) => element.scrollIntoView());
    await page.mouse.wheel(0, -120);
    await page.locator("[data-chart=losses] .pointer").hover();
    await page.waitForTimeout(1500);
    await keep("run", await page.screenshot());
  },
  /** Two trainings side by side, for the README: a generator that collapses, and one that packing saves. */
  async film() {
    const page = await visit(FILM, { width: 1180, height: 700 });
    await isDrawn(page);
    await page.waitForTimeout(1500);
    const clip = await page.evaluate(() => {
      const of = (selector) =>
        [...document.querySelectorAll(selector)].map((element) => element.getBoundingClientRect());
      const [first, last] = [of("figure.pane")[0], of('[data-part="plane"] canvas').at(-1)];
      return { x: first.left, y: first.top, width: last.right - first.left, height: last.bottom - first.top };
    });
    await page.locator("h2").first().focus();
    const frames = [];
    for (let round = 0; round <= FILM_ROUNDS; round += FILM_STEP) {
      if (round > 0) {
        for (let i = 0; i < FILM_STEP / 10; i++) {
          await page.keyboard.press("Shift+ArrowRight");
          await page.waitForFunction(
            (text) => document.querySelector("figure.pane").textContent.includes(text),
            `round ${(round - FILM_STEP + 10 * (i + 1)).toLocaleString("en-US")}`,
          );
        }
        await page.waitForTimeout(120);
      }
      frames.push(await page.screenshot({ clip }));
    }
    const small = await Promise.all(
      frames.map((frame) => sharp(frame).resize({ width: 680 }).png().toBuffer()),
    );
    await sharp(small, { join: { animated: true } })
      .webp({
        quality: 55,
        effort: 6,
        delay: small.map((_, i) => (i === small.length - 1 ? 3000 : 120)),
        loop: 0,
      })
      .toFile(path.join(pictures, "lab.webp"));
  },
};
/** The scene of mode collapse, without its tour. */
const FILM = "plane?data=disjoint&seed=1&layers=rfh&pane2.packing=4";
const FILM_ROUNDS = 1500;
const FILM_STEP = 30;

try {
  if (isWanted("runs") || isWanted("run")) {
    train("packing", "--data", "disjoint", "--packing", "4", "--rounds", "2000", "--seed", "1");
    train("plain", "--data", "disjoint", "--rounds", "2000", "--seed", "1");
    train("r1", "--data", "ring", "--model", "r1", "--rounds", "1500", "--seed", "1");
  }
  for (const [name, take] of Object.entries(SHOTS))
    if (isWanted(name)) {
      await take();
      console.log(name);
    }
} finally {
  await browser.close();
  await lab.close();
  rmSync(work, { recursive: true, force: true });
}
process.exit(0);

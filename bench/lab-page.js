// The plane of `gan-eval lab` in a browser: how soon it is there, how fast it plays, how long a picture takes to draw. Needs
// Chromium (`CHROMIUM`, or Debian's package), which draws without a GPU here.
//
//   node bench/lab-page.js [--seconds 10] [--hash 'plane?layers=rfhma']
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { openLab } from "../dist/lab/open-lab.js";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "10" },
    hash: { type: "string", default: "plane?speed=0" },
  },
});
const executablePath = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser"].find(
  (file) => file && existsSync(file),
);
const work = mkdtempSync(path.join(tmpdir(), "lab-page-"));
const began = performance.now();
const lab = await openLab({
  folders: [path.join(work, "runs")],
  port: 0,
  isReadOnly: false,
  cacheFolder: work,
  steadyClock: () => performance.now(),
});
const listening = performance.now() - began;
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
await page.addInitScript(() => {
  window.drawn = [];
  window.long = [];
  document.addEventListener("plane-drawn", ({ detail }) =>
    window.drawn.push({ ...detail, at: performance.now() }),
  );
  new PerformanceObserver((list) =>
    window.long.push(...list.getEntries().map(({ duration }) => duration)),
  ).observe({ entryTypes: ["longtask"] });
});
const opened = performance.now();
await page.goto(`${lab.url}&${values.hash}`);
await page.waitForFunction(() => window.drawn.length > 0);
const first = performance.now() - opened;
const round = async () =>
  Number((await page.locator("[data-value=round]").first().textContent()).replaceAll(",", ""));
await page.evaluate(() => document.querySelector('[data-part="play"]').click());
await setTimeout(1500);
await page.evaluate(() => {
  window.drawn = [];
  window.long = [];
});
const from = await round();
await setTimeout(1000 * Number(values.seconds));
const to = await round();
const { drawn, long } = await page.evaluate(() => ({ drawn: window.drawn, long: window.long }));
const times = drawn.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
const at = (share) => times[Math.min(times.length - 1, Math.floor(share * times.length))].toFixed(1);
console.log(
  `address printed after ${listening.toFixed(0)} ms, first picture ${first.toFixed(0)} ms after opening`,
);
console.log(
  `${(drawn.length / values.seconds).toFixed(1)} pictures a second, ${((to - from) / drawn.length).toFixed(1)} rounds a picture, ${((to - from) / values.seconds).toFixed(0)} rounds a second`,
);
console.log(
  `drawing ${at(0.5)} ms at the median, ${at(0.95)} at the 95th percentile; longest task ${Math.max(0, ...long).toFixed(0)} ms`,
);
await browser.close();
await lab.close();
rmSync(work, { recursive: true, force: true });
process.exit(0);

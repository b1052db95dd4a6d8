// The plane of `gan-eval lab` without its page: how fast it plays with frames, how long it takes to go back, to change a
// setting and to keep a state, and what it grows by.
//
//   node bench/lab-session.js [--seconds 10] [--panes 1] [--data ring] [--batch-size 128] [--grow 600]
//
// Each pane has a thread of its own with one of ONNX Runtime; the page draws each frame within 5 ms. `--grow`: seconds at
// full speed over which memory is watched, 0 for none.
import { parseArgs } from "node:util";
import { openEngine } from "../dist/engine/index.js";
import { bytesToFrame } from "../dist/lab/protocol/frame-codec.js";
import { openPlaneSession } from "../dist/lab/session/open-plane-session.js";
import { openSubject } from "../dist/lab/session/subject.js";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "10" },
    panes: { type: "string", default: "1" },
    data: { type: "string", default: "ring" },
    "batch-size": { type: "string", default: "128" },
    grow: { type: "string", default: "0" },
  },
});
const options = { data: values.data, batchSize: Number(values["batch-size"]) };
const DRAWING_MS = 5;
const MIB = 2 ** 20;

const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];

/** Median milliseconds of wall clock and of the processor, of 50 times. */
async function timed(work, times = 50) {
  const [walls, began] = [[], process.cpuUsage()];
  for (let i = 0; i < times; i++) {
    const started = performance.now();
    await work();
    walls.push(performance.now() - started);
  }
  const { user, system } = process.cpuUsage(began);
  return `${median(walls).toFixed(2)} ms (processor ${((user + system) / 1000 / times).toFixed(2)})`;
}

async function measureParts() {
  const engine = await openEngine({ threads: 1 });
  const subject = await openSubject(engine, options);
  const { trainer, plane } = subject;
  for (let i = 0; i < 200; i++) await trainer.playRound(true);
  const checkpoint = trainer.save();
  const bytes = Object.values(checkpoint.state).reduce((sum, { data }) => sum + data.byteLength, 0);
  console.log(`round ${await timed(() => trainer.playRound(), 200)}`);
  console.log(`round that is recorded ${await timed(() => trainer.playRound(true), 200)}`);
  console.log(`frame's look ${await timed(() => plane.look())}`);
  console.log(`density by 16,384 latents ${await timed(() => plane.density(), 20)}`);
  console.log(`save ${await timed(() => trainer.save())}, ${(bytes / 1000).toFixed(0)} kB`);
  console.log(`restore ${await timed(() => trainer.restore(checkpoint))}`);
  await subject.dispose();
  await engine.dispose();
}

/** A page that draws: counts what it is told. */
function openPage() {
  const page = { frames: 0, frameBytes: 0, messageBytes: 0, state: undefined, waiting: [] };
  const session = openPlaneSession(
    {
      message(message) {
        page.messageBytes += JSON.stringify(message).length;
        if (message.kind === "error") throw new Error(message.message);
        if (message.kind === "state") page.state = message;
        page.waiting = page.waiting.filter(({ kind, holds, resolve }) => {
          if (message.kind !== kind || !holds(message)) return true;
          resolve(message);
          return false;
        });
      },
      frame(bytes) {
        const { pane, sequence } = bytesToFrame(bytes.slice().buffer);
        page.frameBytes += bytes.length;
        if (pane !== 0) return;
        page.frames++;
        setTimeout(() => session.receive({ kind: "drawn", sequence }), DRAWING_MS);
      },
    },
    { folder: ".", isReadOnly: true },
  );
  page.close = () => session.close();
  page.say = (message) => session.receive(message);
  page.ask = (message, holds = () => true, kind = "state") =>
    new Promise((resolve) => {
      page.waiting.push({ kind, holds, resolve });
      session.receive(message);
    });
  return page;
}

async function measureSpeed(page) {
  await page.ask({ kind: "play" });
  await sleep(2);
  const [frames, round, bytes, text] = [
    page.frames,
    page.state.panes[0].round,
    page.frameBytes,
    page.messageBytes,
  ];
  const started = performance.now();
  await sleep(Number(values.seconds));
  const seconds = (performance.now() - started) / 1000;
  const rounds = page.state.panes[0].round - round;
  const shown = page.frames - frames;
  console.log(
    `playing: ${(shown / seconds).toFixed(1)} frames/s, ${(rounds / seconds).toFixed(0)} rounds/s, ${(rounds / shown).toFixed(1)} rounds a frame`,
  );
  console.log(
    `to the page: ${((page.frameBytes - bytes) / seconds / 1000).toFixed(0)} kB/s of frames, ${((page.messageBytes - text) / seconds / 1000).toFixed(0)} kB/s of text`,
  );
  await page.ask({ kind: "pause" }, ({ isPlaying }) => !isPlaying);
}

async function measureTravel(page) {
  const isAt = (round) => (state) => state.panes.every((pane) => pane.round === round);
  const at = page.state.panes[0].round;
  if (at < 1200) await page.ask({ kind: "step", by: "rounds", rounds: 1200 - at }, isAt(1200));
  await page.ask({ kind: "seek", round: 1000 }, isAt(1000));
  const times = [];
  for (let i = 0; i < 10; i++) {
    const started = performance.now();
    await page.ask({ kind: "seek", round: 550 }, isAt(550));
    await page.ask({ kind: "seek", round: 1000 }, isAt(1000));
    times.push(performance.now() - started);
  }
  console.log(`seek 1,000 -> 550 -> 1,000 with frames: ${median(times).toFixed(0)} ms`);
  const worst = [];
  for (let i = 0; i < 5; i++) {
    const started = performance.now();
    await page.ask({ kind: "seek", round: 699 }, isAt(699));
    worst.push(performance.now() - started);
    await page.ask({ kind: "seek", round: 400 }, isAt(400));
  }
  console.log(`seek 400 -> 699, 99 rounds behind a state that is kept: ${median(worst).toFixed(0)} ms`);
  for (const [name, value] of [
    ["lrGenerator", 2e-3],
    ["discriminatorSteps", 2],
    ["loss", "hinge"],
  ]) {
    const started = performance.now();
    await page.ask({ kind: "set", pane: 0, name, value });
    console.log(`set ${name}, with its frame: ${(performance.now() - started).toFixed(0)} ms`);
  }
}

async function measureGrowth(page, seconds) {
  page.say({ kind: "play" });
  await sleep(20);
  const first = process.memoryUsage.rss();
  let most = first;
  for (let i = 0; i < seconds; i += 10) {
    await sleep(10);
    most = Math.max(most, process.memoryUsage.rss());
  }
  const grown = [process.memoryUsage.rss(), most].map((rss) => ((rss - first) / MIB).toFixed(0));
  console.log(
    `after ${seconds} s at full speed, round ${page.state.panes[0].round}: ${grown[0]} MiB more than after 20 s (at most ${grown[1]}), of ${(first / MIB).toFixed(0)}`,
  );
}

await measureParts();
const started = performance.now();
const page = openPage();
await page.ask({ kind: "open", panes: Array(Number(values.panes)).fill(options) });
console.log(`from open to the first state and frame: ${(performance.now() - started).toFixed(0)} ms`);
await measureSpeed(page);
await measureTravel(page);
if (Number(values.grow) > 0) await measureGrowth(page, Number(values.grow));
await page.close();

/** A device is one thread's at a time. */

import { rmSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { claimDevice } from "../../src/engine/device-claim.ts";
import { buildProgram } from "../cli/built-program.ts";

/** Threads take no TypeScript: what the build makes of the file. Holds the claim until it is told to give it back. */
const THREAD = `
const { parentPort, workerData } = require("node:worker_threads");
import(workerData).then(async ({ claimDevice }) => {
  try {
    const giveBack = await claimDevice("webgpu");
    parentPort.on("message", async () => { await giveBack(); parentPort.postMessage("given back"); });
    parentPort.postMessage("held");
  } catch ({ code, hint }) { parentPort.postMessage({ code, hint }); }
});
`;

describe("a device of one thread", () => {
  let folder: string;
  const threads: Worker[] = [];
  beforeAll(() => {
    folder = buildProgram();
  });
  afterAll(async () => {
    await Promise.all(threads.map((thread) => thread.terminate()));
    rmSync(folder, { recursive: true, force: true });
  });

  const startThread = (): Worker => {
    const module = pathToFileURL(path.join(folder, "dist/engine/device-claim.js")).href;
    const thread = new Worker(THREAD, { eval: true, execArgv: [], workerData: module });
    threads.push(thread);
    return thread;
  };
  const nextMessage = (thread: Worker) =>
    new Promise<unknown>((resolve, reject) => thread.once("message", resolve).once("error", reject));

  it("can be taken several times by one thread, and is free when it was given back as often", async () => {
    const claims = await Promise.all([claimDevice("webgpu"), claimDevice("webgpu")]);
    await claims[0]!();
    // Twice is once.
    await claims[0]!();
    expect(await nextMessage(startThread())).toMatchObject({ code: "unavailable.device-busy" });
    await claims[1]!();
    expect(await nextMessage(startThread())).toBe("held");
    await Promise.all(threads.splice(0).map((thread) => thread.terminate()));
  });

  it("refuses another thread, and says what to do", async () => {
    const thread = startThread();
    expect(await nextMessage(thread)).toBe("held");
    await expect(claimDevice("webgpu")).rejects.toMatchObject({
      code: "unavailable.device-busy",
      hint: expect.stringContaining("Dispose of that engine first"),
    });
    const answer = nextMessage(thread);
    thread.postMessage("give back");
    expect(await answer).toBe("given back");
    await (await claimDevice("webgpu"))();
  });

  it("is free when the thread that held it was ended", async () => {
    const thread = startThread();
    expect(await nextMessage(thread)).toBe("held");
    await thread.terminate();
    await (await claimDevice("webgpu"))();
  });

  it("is not the CPU, which has room for all", async () => {
    const claims = await Promise.all([claimDevice("cpu"), claimDevice("cpu")]);
    await Promise.all(claims.map((giveBack) => giveBack()));
  });
});

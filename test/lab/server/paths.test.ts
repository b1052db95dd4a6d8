/** Addresses that mean to lead out of a lab's folders: refused, and nothing outside is so much as opened. */
import path from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { type Lab, openLab } from "../../../src/lab/open-lab.ts";
import { packageRoot } from "../../../src/package-root.ts";
import { emptyFolder, writeRun, writeSample } from "../made-runs.ts";
import { ask, openSocket } from "./asking.ts";

const opened = vi.hoisted(() => [] as string[]);
vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof import("node:fs/promises")>();
  const spied = <Args extends readonly unknown[], Result>(call: (...args: Args) => Result) =>
    ((...args: Args) => {
      opened.push(String(args[0]));
      return call(...args);
    }) as typeof call;
  return { ...real, readFile: spied(real.readFile), open: spied(real.open), readdir: spied(real.readdir) };
});

let root: string;
let lab: Lab;
let id: string;
beforeAll(async () => {
  root = await emptyFolder();
  await writeSample(await writeRun(path.join(root, "runs/a")), 10);
  await writeRun(path.join(root, "runs-secret/b"));
  lab = await openLab({
    folders: [path.join(root, "runs")],
    port: 0,
    isReadOnly: false,
    cacheFolder: path.join(root, "cache"),
    steadyClock: () => performance.now(),
  });
  const { socket, received } = await openSocket(lab);
  socket.send(JSON.stringify({ kind: "watch" }));
  await vi.waitFor(() => expect(JSON.stringify(received)).toContain('"id"'));
  id = /"id":"([0-9a-f]{16})"/.exec(JSON.stringify(received))![1];
  socket.close();
});
afterAll(() => lab.close());

const UPWARDS = [
  "../",
  "..%2f",
  "%2e%2e/",
  "%252e%252e%252f",
  "..\\",
  "%00",
  "::$DATA",
  "/etc/passwd",
  "....//",
];

it("no spelling of a way out opens a file outside of the lab's folders, its own and the program's", async () => {
  opened.length = 0;
  for (const up of UPWARDS)
    for (const form of [
      `/${up}runs-secret/b/run.json`,
      `/lab/client/${up}main.js`,
      `/api/runs/${id}/samples/${up}10`,
      `/api/runs/${up}runs-secret/samples/10`,
      `/api/runs/${id}${up}/notes`,
      `/api/gates/${up}secret`,
      `/api/sweeps/${up}`,
    ])
      expect((await ask(lab, form)).status, form).toBeGreaterThanOrEqual(400);
  const { socket, received } = await openSocket(lab);
  for (const up of UPWARDS) {
    socket.send(JSON.stringify({ kind: "watch", run: `${up}runs-secret/b` }));
    socket.send(JSON.stringify({ kind: "open", panes: [{ data: `points:${up}secret` }] }));
    socket.send(JSON.stringify({ kind: "open", panes: [{ net: `${up}net.js` }] }));
  }
  await vi.waitFor(() => expect(received.length).toBeGreaterThanOrEqual(3 * UPWARDS.length));
  socket.close();
  const allowed = [path.join(root, "runs"), path.join(root, "cache"), packageRoot];
  const outside = opened.filter(
    (file) => !allowed.some((folder) => !path.relative(folder, file).startsWith("..")),
  );
  expect(outside).toEqual([]);
});

it("what is asked rightly is opened: the spy sees it", async () => {
  opened.length = 0;
  expect((await ask(lab, `/api/runs/${id}/samples/10`)).status).toBe(200);
  expect(opened.some((file) => file.endsWith("00000010.png"))).toBe(true);
});

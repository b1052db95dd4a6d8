import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { SMALL, type Talk, talk } from "./talk.ts";

let folder: string;
let page: Talk;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "lab-points-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => page.close());

const toBase64 = (numbers: readonly number[]): string =>
  Buffer.from(Float32Array.from(numbers).buffer).toString("base64");

const L = Array.from({ length: 100 }, (_, i) => (i < 50 ? [0, i / 50] : [(i - 50) / 50, 0])).flat();

describe("points of one's own", () => {
  it("are kept once, trained on, and come with exact numbers and a command", async () => {
    page = talk({ folder });
    const { name } = await page.ask({ kind: "points", dimensions: 2, values: toBase64(L) }, "exported");
    expect(name).toMatch(/^points:2d-[0-9a-f]{12}$/);
    await page.ask(
      { kind: "points", dimensions: 2, values: toBase64(L) },
      "exported",
      (of) => of.name === name,
    );
    const files = readdirSync(folder);
    expect(files).toHaveLength(1);
    const opened = page.next("opened");
    await page.ask({ kind: "open", panes: [{ ...SMALL, data: name, pointDeviation: 0.03 }] }, "state");
    const [facts] = (await opened).panes;
    expect(facts).toMatchObject({ dimensions: 2, hasDensity: true });
    expect(facts.command).toContain(`--data points:${path.join(folder, files[0])} --point-deviation 0.03`);
    const data = facts.settings.find((setting) => setting.name === "data")!;
    expect(data.value).toBe(name);
    expect(data.control.kind === "choice" && data.control.choices.at(-1)?.value).toBe(name);
    const { panes } = await page.ask(
      { kind: "step", by: "rounds", rounds: 20 },
      "state",
      (state) => state.panes[0].round === 20,
    );
    expect(panes[0].scalars.discriminator_loss).toBeGreaterThan(0);
    const back = page.next("settings");
    page.say({ kind: "set", pane: 0, name: "data", value: "line" });
    expect((await back).panes[0].command).not.toContain("point");
  });

  it("may be numbers on a line", async () => {
    page = talk({ folder });
    const { name } = await page.ask(
      { kind: "points", dimensions: 1, values: toBase64([1, 2, 2.1]) },
      "exported",
    );
    const opened = page.next("opened");
    await page.ask({ kind: "open", panes: [{ ...SMALL, data: name }] }, "state");
    expect((await opened).panes[0].dimensions).toBe(1);
  });

  it("are refused where they are none, unknown, or nothing may be written", async () => {
    page = talk({ folder });
    for (const values of [toBase64([1, 2, 3]), toBase64([1, Number.NaN, 2, 3]), toBase64([1, 2]), ""]) {
      const { message } = await page.ask({ kind: "points", dimensions: 2, values }, "error");
      expect(message).toContain("expected 2 to 6,000 points of finite numbers");
    }
    const data = "points:2d-0123456789ab";
    const { message } = await page.ask({ kind: "open", panes: [{ data }] }, "error");
    expect(message).toContain("expected points that this lab keeps");
    for (const other of ["points:2d-../../etc/passwd", "points:2d-0123456789AB", "points:3d-0123456789ab"])
      expect(() => page.say({ kind: "open", panes: [{ data: other }] })).toThrow("--data expects one of");
    const deviation = await page.ask({ kind: "open", panes: [{ pointDeviation: 1 }] }, "error");
    expect(deviation.message).toContain("expected points for --point-deviation, got ring");
    await page.close();
    page = talk({ folder, isReadOnly: true });
    const { code } = await page.ask({ kind: "points", dimensions: 2, values: toBase64(L) }, "error");
    expect(code).toBe("usage.lab-read-only");
  });
});

import { beforeEach, describe, expect, it, vi } from "vitest";
import { OPTIONS } from "../../src/cli/options.ts";
import { USUAL_BATCH } from "../../src/evaluate/batch-size.ts";
import { generate, interpolate } from "../../src/library/generate.ts";

const seen = vi.hoisted((): Record<string, unknown>[] => []);
const remember = vi.hoisted(() => async (options: Record<string, unknown>) => {
  seen.push(options);
});
vi.mock("../../src/samples/generate.ts", () => ({ generate: remember }));
vi.mock("../../src/samples/interpolate.ts", () => ({ interpolate: remember }));

const PLACE = { run: "runs/gan-1", out: "a" };
const COMMON = ["seed", "engine", "device", "overwrite"] as const;

/** The usual batch on every device: samples depend on it. */
const defaultsOf = (names: readonly (keyof typeof OPTIONS)[]) => ({
  ...Object.fromEntries(names.map((name) => [name, OPTIONS[name].default])),
  batchSize: USUAL_BATCH,
});

beforeEach(() => {
  seen.length = 0;
});

describe("samples for programs", () => {
  it("have the defaults of the command line, whether an option is left out or undefined", async () => {
    await generate(PLACE);
    await generate({ ...PLACE, n: undefined, seed: undefined, batchSize: undefined });
    for (const options of seen) expect(options).toEqual({ ...PLACE, ...defaultsOf(["n", ...COMMON]) });
    expect(seen).toHaveLength(2);
  });

  it("along paths have them too", async () => {
    await interpolate({ ...PLACE, steps: undefined });
    expect(seen).toEqual([{ ...PLACE, ...defaultsOf(["steps", "paths", ...COMMON]) }]);
  });

  it("take what is given instead", async () => {
    await generate({ ...PLACE, n: 3, overwrite: true });
    expect(seen[0]).toMatchObject({ n: 3, overwrite: true });
  });
});

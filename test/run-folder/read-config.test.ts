import { describe, expect, it } from "vitest";
import { runToConfig } from "../../src/run-folder/read-config.ts";
import { requestToConfig } from "../../src/runs/request-to-config.ts";

const FACTS = { shape: [2] };
const DEFAULTS = requestToConfig({ folder: "runs/a", data: { data: "ring" } }, FACTS);

/** The config of a run.json with changes; undefined takes a key out. */
const read = (changes: Record<string, unknown>) => {
  const config = JSON.parse(JSON.stringify({ ...DEFAULTS, ...changes })) as Record<string, unknown>;
  return runToConfig(
    { config, data: { label: "ring", ...FACTS }, rounds: DEFAULTS.rounds, seed: DEFAULTS.seed },
    "runs/a",
  );
};

const KEYS = Object.keys(DEFAULTS).filter((key) => JSON.stringify(DEFAULTS[key as keyof typeof DEFAULTS]));

describe("a run's config", () => {
  it("of a request that says nothing but its folder is made of the tables' defaults and the model's", () => {
    const config = requestToConfig({ folder: "runs/a" }, { shape: [28, 28, 1], count: 2000, classes: 10 });
    expect(config).toMatchObject({
      ...{ data: "digits", model: "gan", imgSize: null, threads: null, evalEvery: 0, recordInterval: 10 },
      ...{ batchSize: 64, rates: { generator: 2e-4, discriminator: 2e-4 }, orthogonal: 0, rounds: 6200 },
    });
  });

  it("is read as it was written, and keeps what only another version knows", () => {
    expect(read({})).toEqual(JSON.parse(JSON.stringify(DEFAULTS)));
    expect(read({ tomorrow: [1] })).toMatchObject({ tomorrow: [1] });
  });

  it.each(KEYS)("with a wrong value is an error that names %s, what it takes and what it got", (key) => {
    expect(() => read({ [key]: { wrong: 1 } })).toThrowError(
      expect.objectContaining({
        code: "input.run-config",
        message: expect.stringMatching(
          new RegExp(`^expected .+ for ${key} in runs/a/run\\.json, got \\{"wrong":1\\}$`),
        ),
      }),
    );
  });

  it.each(KEYS.filter((key) => key !== "data" && key !== "model"))(
    "of a version that had no %s yet gets its default",
    (key) => {
      expect(read({ [key]: undefined })).toEqual(JSON.parse(JSON.stringify(DEFAULTS)));
    },
  );

  it.each(["data", "model"])("without %s is an error", (key) => {
    expect(() => read({ [key]: undefined })).toThrow(`for ${key} in runs/a/run.json, got nothing`);
  });

  it.each([
    ["batchSize", "64"],
    ["penalty", "r1"],
    ["penalty", [{ name: "r3" }]],
    ["b1", 1.5],
    ["seed", -1],
    ["channels", "3"],
    ["net", "nett"],
  ])("refuses %s %j, which a flag's text may be but no value is", (key, value) => {
    expect(() => read({ [key]: value })).toThrow(`for ${key} in runs/a/run.json`);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { configDifferences } from "../../src/run-folder/config-differences.ts";
import {
  descriptionToText,
  RUN_SCHEMA,
  type RunDescription,
  textToDescription,
} from "../../src/run-folder/description.ts";
import { holdsOrRefuses, mutationsOf } from "../formats/mutations.ts";
import { plan } from "./small-run.ts";

const description: RunDescription = {
  ...plan,
  schema: RUN_SCHEMA,
  status: "running",
  started: "2026-01-02T03:04:05.000Z",
  updated: "2026-01-02T03:04:05.000Z",
  round: 10,
  events: [{ round: 3, kind: "diverged", message: "loss NaN" }],
  best: { round: 10, metric: "fid", value: 12.5, checkpoint: "checkpoints/00000010.safetensors" },
};

const refusal = (text: string) => {
  try {
    textToDescription(text, "run.json");
  } catch (error) {
    return error as { code: string; message: string; hint: string };
  }
  return undefined;
};

describe("run.json", () => {
  it("says the same when it is read back, and is written as the same bytes again", () => {
    const text = descriptionToText(description);
    expect(textToDescription(text, "run.json")).toEqual(description);
    expect(descriptionToText(textToDescription(text, "run.json"))).toBe(text);
  });

  it("keeps options as data whatever they are called and hold", () => {
    const names = fc.oneof(
      fc.constantFrom("__proto__", "constructor", "toString", "</script>", "", "a\nb", "\u2028"),
      fc.string({ unit: "binary" }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(names, fc.jsonValue())), (entries) => {
        const config = JSON.parse(
          `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(",")}}`,
        );
        const read = textToDescription(descriptionToText({ ...description, config }), "run.json");
        expect(JSON.stringify(read.config)).toBe(JSON.stringify(config));
        expect(Object.getPrototypeOf(read.config)).toBe(Object.prototype);
        expect(configDifferences(read.config, config)).toEqual([]);
      }),
    );
  });

  it("keeps numbers that JSON lacks as text", () => {
    const config = { bound: Number.POSITIVE_INFINITY, rate: Number.NaN };
    const read = textToDescription(descriptionToText({ ...description, config }), "run.json");
    expect(read.config).toEqual({ bound: "Infinity", rate: "NaN" });
    expect(configDifferences(read.config, config)).toEqual([]);
  });

  it("of layer records keeps what can be read back", () => {
    const [generator] = plan.networks.generator;
    const more = { ...generator, layer: { kind: "dense", units: 4 } };
    const networks = { generator: [more], discriminator: [more] };
    const read = textToDescription(descriptionToText({ ...description, networks }), "run.json");
    expect(read.networks).toEqual(plan.networks);
  });

  it("is not written where it could not be read back", () => {
    const best = { ...description.best!, value: Number.NaN };
    expect(() => descriptionToText({ ...description, best })).toThrow(/^internal: best.value/);
  });

  it("cut at every byte is refused, with what to do", () => {
    const bytes = Buffer.from(descriptionToText(description));
    for (let end = 0; end < bytes.length - 1; end++) {
      const error = refusal(bytes.subarray(0, end).toString());
      expect(error?.code, `cut at ${end}`).toBe("input.not-a-run");
      expect(error?.hint).toContain("--out");
    }
  });

  it("of another schema or program is refused by its name", () => {
    expect(refusal('{"schema":"gan-eval/run/2"}')?.message).toContain("gan-eval/run/2");
    for (const text of ["[]", "null", "7", '{"name":"x"}'])
      expect(refusal(text)?.code).toBe("input.not-a-run");
  });

  it("with a wrong value is refused with the value's place", () => {
    const text = descriptionToText(description).replace('"rounds": 100', '"rounds": -1');
    expect(refusal(text)?.message).toContain("rounds:");
  });

  it("damaged in any way is read or refused", async () => {
    const bytes = Buffer.from(descriptionToText(description));
    await fc.assert(
      fc.asyncProperty(mutationsOf(bytes), (mutated) =>
        holdsOrRefuses(() => textToDescription(Buffer.from(mutated).toString(), "run.json")),
      ),
      { numRuns: 300 },
    );
  });
});

describe("differences of a config", () => {
  it("are the options that are not the same, by name", () => {
    expect(configDifferences({ lr: 1, b: [1, 2], c: "x" }, { lr: 2, b: [1, 2], d: true })).toEqual([
      { name: "c", stored: "x", given: undefined },
      { name: "d", stored: undefined, given: true },
      { name: "lr", stored: 1, given: 2 },
    ]);
  });

  it("are none for the same values in another order", () => {
    expect(
      configDifferences(
        { a: { x: 1, y: [{ p: 1, q: 2 }] }, b: 1 },
        { b: 1, a: { y: [{ q: 2, p: 1 }], x: 1 } },
      ),
    ).toEqual([]);
  });

  it("see the order of a list, and an option that is left out as one that is undefined", () => {
    expect(configDifferences({ a: [1, 2] }, { a: [2, 1] })).toHaveLength(1);
    expect(configDifferences({ a: 1 }, { a: 1, b: undefined })).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import { GanEvalError, type Warning } from "../../../src/errors.ts";
import { partsOrNothing } from "../../../src/evaluate/scores/parts-or-nothing.ts";

describe.each(["interval", "floor"] as const)("parts of a side, measured for the %s", (wanted) => {
  const tryParts = async (measure: () => number | Promise<number>) => {
    const warnings: Warning[] = [];
    const warn = (warning: Warning) => void warnings.push(warning);
    const found = await partsOrNothing({ id: "kid" }, { wanted, part: "half a side" }, measure, { warn });
    return { found, warnings };
  };

  it("give what they measure", async () => {
    expect(await tryParts(() => 3)).toEqual({ found: 3, warnings: [] });
  });

  it("give nothing where they are too few, with a warning that says what to do", async () => {
    const tooFew = (hint?: string) =>
      new GanEvalError("input.too-few-samples", "expected 8, got 4", hint === undefined ? {} : { hint });
    const { found, warnings } = await tryParts(() => Promise.reject(tooFew("Give 8.")));
    expect(found).toBeUndefined();
    expect(warnings).toEqual([
      {
        code: `no-${wanted}`,
        message: `kid: no ${wanted}, because half a side is too small: expected 8, got 4`,
        hint: "Give 8.",
      },
    ]);
    const [plain] = (await tryParts(() => Promise.reject(tooFew()))).warnings;
    expect(plain?.hint).toBe("Give more images.");
  });

  it("end the measurement by any other error", async () => {
    for (const error of [new GanEvalError("input.feature-width", "no"), new Error("other")])
      await expect(tryParts(() => Promise.reject(error))).rejects.toBe(error);
  });
});

import { describe, expect, it } from "vitest";
import * as names from "../../src/cli/options/names.ts";
import { optionRow } from "../../src/cli/options.ts";
import { STATISTICS_FORMATS } from "../../src/evaluate/statistics-formats.ts";
import { AUXILIARIES } from "../../src/train/auxiliaries.ts";
import { LOSSES } from "../../src/train/losses.ts";
import { PAIRS } from "../../src/train/networks/pairs.ts";
import { OPTIMIZERS } from "../../src/train/optimizers.ts";
import { PENALTIES } from "../../src/train/penalties.ts";
import { PRESET_DEFAULTS, PRESETS } from "../../src/train/presets.ts";
import { SCHEDULES } from "../../src/train/schedules.ts";
import { TOY_DATA } from "../../src/train/toy-data.ts";

describe("names in options", () => {
  it.each([
    ["models", names.MODEL_NAMES, PRESETS],
    ["networks", names.NET_NAMES, PAIRS],
    ["losses", names.LOSS_NAMES, LOSSES],
    ["penalties", names.PENALTY_NAMES, PENALTIES],
    ["auxiliaries", names.AUXILIARY_NAMES, AUXILIARIES],
    ["optimizers", names.OPTIMIZER_NAMES, OPTIMIZERS],
    ["schedules", names.SCHEDULE_NAMES, SCHEDULES],
    ["statistics' formats", names.STATISTICS_FORMAT_NAMES, STATISTICS_FORMATS],
  ])("of %s are those of the table", (_, listed, table) => {
    expect([...listed].sort()).toEqual(Object.keys(table).sort());
  });

  it("of toys are all in the summary of --data", () => {
    const listed = /a toy \(([^)]*)\)/.exec(optionRow("data").summary)![1]!.split(", ");
    expect(listed.sort()).toEqual(Object.keys(TOY_DATA).sort());
  });

  it("defaults that help speaks of are the presets'", () => {
    expect(optionRow("trainBatchSize").defaultText).toContain(`${PRESET_DEFAULTS.batchSize};`);
    expect(optionRow("lr").defaultText).toContain(`${PRESET_DEFAULTS.rate};`);
    expect(optionRow("b1").defaultText).toContain(`${PRESET_DEFAULTS.b1}`);
    expect(optionRow("b2").defaultText).toBe(`${PRESET_DEFAULTS.b2}`);
  });
});

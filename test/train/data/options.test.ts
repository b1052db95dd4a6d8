/** Options of training data in run.json. */
import { expect, test } from "vitest";
import { withDefaults } from "../../../src/options/table.ts";
import { TRAINING_DATA_TABLE } from "../../../src/train/data/options.ts";

const DOMAIN_OPTIONS = [
  ...["dataB", "pairs", "direction", "loadSize", "flip", "attributes", "selected", "scale"],
  ...["pointDeviation", "imageKey"],
];

const toKeys = (given: object): string[] =>
  Object.keys(JSON.parse(JSON.stringify(withDefaults(TRAINING_DATA_TABLE, given))));

test("options of domains, points and shards are left out of the config of a run that has none", () => {
  const all = Object.keys(TRAINING_DATA_TABLE);
  expect(all).toEqual(expect.arrayContaining(DOMAIN_OPTIONS));
  expect(toKeys({})).toEqual(all.filter((name) => !DOMAIN_OPTIONS.includes(name)));
  expect(toKeys({ flip: false, scale: 4 })).toEqual(expect.arrayContaining(["flip", "scale"]));
});

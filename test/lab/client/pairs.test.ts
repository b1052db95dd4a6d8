/** Ready pairs: the lab takes each of them, and they differ in what they say. */
import { describe, expect, it } from "vitest";
import { READY_PAIRS, readyToPanes } from "../../../src/lab/client/plane/panels/ready-pairs.ts";
import { settingsToDifferences, wishedToOptions } from "../../../src/lab/client/plane/state/options.ts";
import { checkOptions, optionsToConfig } from "../../../src/lab/session/pane-options.ts";
import { optionsToSettings } from "../../../src/lab/session/settings.ts";

describe.each(Object.entries(READY_PAIRS))("the ready pair %s", (_, pair) => {
  const [first, second] = readyToPanes(pair, { data: "two-gaussians", seed: "3", model: "lsgan", b1: "0.1" });
  const sides = [first, { ...first, ...second }].map((wished) => checkOptions(wishedToOptions(wished)));
  const settings = sides.map((options) => optionsToSettings(options, optionsToConfig(options)));

  it("is one that the lab opens, with the data and the seed that there were, and nothing else", () => {
    expect(sides[0]).toMatchObject({ data: "two-gaussians", seed: 3 });
    expect(Object.keys(sides[0])).not.toContain(pair.panes[0].model === undefined ? "model" : "b1");
  });

  it("differs in what it names", () => {
    const differing = settingsToDifferences(settings);
    for (const flag of Object.keys(second)) expect([...differing]).toContain(flag);
  });
});

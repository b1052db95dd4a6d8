import { describe, expect, it } from "vitest";
import type { ToLab } from "../../../src/lab/protocol/plane-messages.ts";
import { PANE_OPTIONS } from "../../../src/lab/session/option-table.ts";
import { checkOptions, optionsToConfig, withOption } from "../../../src/lab/session/pane-options.ts";
import { parseToLab } from "../../../src/lab/session/parse-to-lab.ts";
import { optionsToSettings } from "../../../src/lab/session/settings.ts";

/** One of each. */
const MESSAGES: readonly ToLab[] = [
  { kind: "open", panes: [{}, { loss: "minimax", lr: 0.01 }], round: 5 },
  { kind: "play" },
  { kind: "pause" },
  { kind: "speed", roundsPerSecond: 60 },
  { kind: "step", by: "phase" },
  { kind: "step", by: "player", player: "generator" },
  { kind: "step", by: "rounds", rounds: 10 },
  { kind: "alone", pane: 1, player: "discriminator", updates: 2000 },
  { kind: "back", by: "rounds", rounds: 3 },
  { kind: "seek", round: 1000 },
  { kind: "set", pane: 0, name: "lr", value: 1 },
  { kind: "undo" },
  { kind: "branch", branch: 2 },
  { kind: "reset", seed: 4 },
  { kind: "layers", asked: ["density"] },
  { kind: "drawn", sequence: 12 },
  { kind: "hidden", isHidden: true },
  { kind: "export", pane: 0, what: "run" },
];

describe("what a page says", () => {
  it("is taken as the protocol has it", () => {
    for (const message of MESSAGES)
      expect(parseToLab(JSON.parse(JSON.stringify(message)), ".")).toEqual(message);
  });

  it("is refused with a member more, and where it is no message", () => {
    for (const message of MESSAGES)
      expect(() => parseToLab({ ...message, more: 1 }, ".")).toThrow("as the protocol has it");
    for (const other of [undefined, null, 5, "play", [], {}, { kind: "__proto__" }, { kind: "constructor" }])
      expect(() => parseToLab(other, ".")).toThrow("expected a message of the kinds open, play");
  });

  it("is refused beyond the limits of a lab", () => {
    const open = (options: object, more: object[] = []) =>
      parseToLab({ kind: "open", panes: [options, ...more] }, ".");
    for (const [options, words] of [
      [{ data: "points:./secret.csv" }, "expected points that this lab keeps"],
      [{ data: "/etc" }, "--data expects one of"],
      [{ data: "digits" }, "--data expects one of"],
      [{ model: "./own.mjs" }, "--model expects one of"],
      [{ model: "cyclegan" }, "--model expects one of"],
      [{ net: "./own.mjs" }, 'got "net"'],
      [{ weights: "./w" }, 'got "weights"'],
      [{ hiddenLayers: 6 }, "--hidden-layers expects"],
      [{ hiddenUnits: 513 }, "--hidden-units expects"],
      [{ batchSize: 4097 }, "--batch-size expects"],
      [{ loss: "hing" }, "--loss expects"],
    ] as const)
      expect(() => open(options)).toThrow(words);
    expect(() => open({}, [{}, {}])).toThrow("open.panes");
    expect(() => parseToLab({ kind: "step", by: "rounds", rounds: 1e9 }, ".")).toThrow("step.rounds");
  });
});

describe("settings", () => {
  it("are a control for each option, of which the default is what a run has", () => {
    const settings = optionsToSettings({}, optionsToConfig({}));
    for (const { name, flag, summary, value, control, default: own } of settings) {
      expect([name, value]).toEqual([name, own]);
      expect(flag).toMatch(/^[a-z][a-z0-9-]+$/);
      expect(summary).not.toBe("");
      if (control.kind === "choice")
        expect([name, control.choices.map((choice) => choice.value)]).toEqual([
          name,
          expect.arrayContaining([value]),
        ]);
      if (control.kind === "number")
        expect([name, typeof control.least, typeof value]).toEqual([name, "number", "number"]);
    }
    const of = (name: string) => settings.find((setting) => setting.name === name)!;
    expect(of("hiddenLayers").control).toEqual({ kind: "number", isInteger: true, least: 0, most: 5 });
    expect(of("batchSize").control).toEqual({ kind: "number", isInteger: true, least: 1, most: 4096 });
    expect(of("lrGenerator").control).toEqual({ kind: "number", isInteger: false, least: 0 });
    expect(of("alternate").control).toEqual({ kind: "toggle" });
    expect(of("loss").effect).toBe("recompiles");
  });

  it("show every value that they take, and bring the presets of another model along", () => {
    for (const { name, control, value } of optionsToSettings({}, optionsToConfig({}))) {
      const values = control.kind === "choice" ? control.choices.map((choice) => choice.value) : [value];
      for (const one of values) {
        const options = withOption({}, name, one);
        const shown = optionsToSettings(options, optionsToConfig(options)).find((of) => of.name === name);
        // The weight of no penalty is none.
        if (name !== "penaltyWeight") expect([name, shown!.value]).toEqual([name, one]);
      }
    }
    const options = withOption({ loss: "hinge", lr: 1, hiddenUnits: 16 }, "model", "wgan_gp");
    expect(options).toEqual({ hiddenUnits: 16, model: "wgan_gp" });
    expect(optionsToConfig(options)).toMatchObject({
      loss: "wasserstein",
      discriminatorSteps: 5,
      hiddenUnits: 16,
    });
  });

  it("are checked once or twice to the same", () => {
    const given = { penalty: "r1", lr: "1e-3", alternate: "true", seed: "7" };
    expect(checkOptions(checkOptions(given))).toEqual(checkOptions(given));
    expect(Object.keys(PANE_OPTIONS)).not.toContain("net");
  });
});

/** Keys, lines of the algorithm, steps of numbers. */
import { describe, expect, it } from "vitest";
import { numberToNext } from "../../../src/lab/client/plane/controls/number-steps.ts";
import { gameToLines, isLit, lineToCounter } from "../../../src/lab/client/plane/play/algorithm.ts";
import { type Focus, keyToHotkey } from "../../../src/lab/client/plane/play/hotkeys.ts";
import type { PhaseFacts } from "../../../src/lab/protocol/plane-messages.ts";

const press = (key: string, focus: Focus = "none", more: object = {}) =>
  keyToHotkey({ key, shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, ...more }, focus);

describe("keys", () => {
  it("do what the specification says", () => {
    expect(press(" ")).toEqual({ does: "play" });
    expect(press("ArrowRight")).toEqual({ does: "step", rounds: 1 });
    expect(press("ArrowLeft", "none", { shiftKey: true })).toEqual({ does: "back", rounds: 10 });
    expect(press("d")).toEqual({ does: "player", player: "discriminator" });
    expect(press("G")).toEqual({ does: "player", player: "generator" });
    expect(press("8")).toEqual({ does: "layer", place: 7 });
    for (const [key, does] of [
      ["p", "phase"],
      ["l", "scale"],
      ["r", "reset"],
      ["u", "undo"],
      ["?", "help"],
    ])
      expect(press(key)).toEqual({ does });
    for (const key of ["9", "0", "x", "Enter", "Tab", "constructor"]) expect(press(key), key).toBeUndefined();
  });

  it("are left to the browser with a modifier, and to what has the focus", () => {
    for (const modifier of ["ctrlKey", "altKey", "metaKey"])
      expect(press("r", "none", { [modifier]: true })).toBeUndefined();
    for (const key of [" ", "d", "1", "ArrowLeft"]) expect(press(key, "text"), key).toBeUndefined();
    for (const key of [" ", "d", "ArrowLeft"]) expect(press(key, "choice"), key).toBeUndefined();
    expect(press(" ", "button")).toBeUndefined();
    expect(press("ArrowLeft", "plane")).toBeUndefined();
    expect(press(" ", "plane")).toEqual({ does: "play" });
  });
});

const phase = (changes: Partial<PhaseFacts>): PhaseFacts => ({
  phase: "loss",
  trains: ["discriminator"],
  update: 1,
  updates: 1,
  ...changes,
});

describe("the lines of the algorithm", () => {
  const inTurn = gameToLines({ game: "in turn", discriminatorSteps: 3, generatorSteps: 1 });

  it("light one by one with the phases of the player that is trained", () => {
    const phases = ["latents", "fakes", "reals", "logits", "loss", "gradients", "update"] as const;
    for (const each of phases) {
      const lit = inTurn.filter((line) => isLit(line, phase({ phase: each })));
      expect(lit.map(({ who, phase }) => `${who} ${phase}`)).toEqual([`discriminator ${each}`]);
    }
    expect(
      inTurn.filter((line) => isLit(line, phase({ trains: ["generator"] }))).map(({ who }) => who),
    ).toEqual(["generator"]);
    expect(inTurn.some((line) => isLit(line, undefined))).toBe(false);
  });

  it("count the updates of k", () => {
    const counters = (of: PhaseFacts) =>
      inTurn.map((line) => lineToCounter(line, of)).filter((text) => text !== "");
    expect(counters(phase({ update: 2, updates: 3 }))).toEqual(["2 of 3"]);
    expect(counters(phase({ trains: ["generator"] }))).toEqual(["1 of 1"]);
  });

  it("say of players that move at once that G never sees the new D", () => {
    const together = gameToLines({ game: "together", discriminatorSteps: 1, generatorSteps: 1 });
    expect(together.every(({ who }) => who === "together")).toBe(true);
    const both = phase({ trains: ["generator", "discriminator"], phase: "update" });
    expect(together.filter((line) => isLit(line, both))).toHaveLength(1);
    expect(together.at(-1)!.text).toContain("never sees the new D");
  });
});

describe("a number's arrow keys", () => {
  it("go along 1, 2, 5, 10, and stay within the limits", () => {
    const free = { isInteger: false };
    expect([0.001, 0.002, 0.003, 0.005].map((value) => numberToNext(value, true, free))).toEqual([
      0.002, 0.005, 0.005, 0.01,
    ]);
    expect([0.001, 0.002, 0.003, 1].map((value) => numberToNext(value, false, free))).toEqual([
      0.0005, 0.001, 0.002, 0.5,
    ]);
    expect(numberToNext(1, true, { isInteger: true, most: 1 })).toBe(1);
    expect(numberToNext(0, false, { isInteger: false, least: 0 })).toBe(0);
    expect(numberToNext(0.9, true, { isInteger: false, most: 0.95 })).toBe(0.95);
  });
});

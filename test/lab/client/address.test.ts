/** The address of the plane's page. */
import { describe, expect, it } from "vitest";
import { LAYER_NAMES, LAYERS, turnLayer } from "../../../src/lab/client/plane/layers.ts";
import { hashToWish, wishToHash } from "../../../src/lab/client/plane/state/address.ts";
import {
  checkWished,
  settingsToDifferences,
  settingsToWished,
  textToValue,
} from "../../../src/lab/client/plane/state/options.ts";
import { FIRST_WISH, SPEEDS, type Speed, type Wish } from "../../../src/lab/client/plane/state/wish.ts";
import { makeSetting } from "./made-facts.ts";

const read = (hash: string) => hashToWish(hash)!;

describe("the address of the plane", () => {
  it("holds the whole wish: what is written is read again", () => {
    const wishes: Partial<Wish>[] = [
      {},
      { panes: [{ data: "ring", model: "wgan_gp", lr: "1e-3", seed: "1" }], round: 2000 },
      { panes: [{ data: "ring" }, { loss: "minimax", "lr-generator": "0.01" }] },
      { panes: [{}, {}] },
      { panes: [{ data: "a & b = c? #ü" }] },
      { scale: "logit", hide: ["rates", "net"], tour: "algorithm-1" },
      ...(Object.keys(SPEEDS) as Speed[]).map((speed) => ({ speed })),
      ...LAYER_NAMES.map((name) => ({ layers: [name] })),
      { layers: [] },
    ];
    for (const changes of wishes) {
      const wish: Wish = { ...FIRST_WISH, ...changes };
      expect(read(wishToHash(wish)), wishToHash(wish)).toEqual({ wish, complaints: [] });
    }
  });

  it("is that of the specification's example", () => {
    const hash =
      "#plane?data=ring&model=wgan_gp&lr=1e-3&seed=1&round=2000&layers=rfh&hide=rates,net&pane2.loss=minimax";
    expect(wishToHash(read(hash).wish)).toBe(hash);
    expect(read(hash).wish.panes).toEqual([
      { data: "ring", model: "wgan_gp", lr: "1e-3", seed: "1" },
      { loss: "minimax" },
    ]);
  });

  it("says only what differs from the beginning", () => {
    expect(wishToHash(FIRST_WISH)).toBe("#plane");
  });

  it("reports what it does not understand, and takes the rest", () => {
    const { wish, complaints } = read("#plane?round=x&layers=rq&scale=big&speed=7&A!=1&lr=1e-3&tour=<b>");
    expect(wish).toEqual({ ...FIRST_WISH, panes: [{ lr: "1e-3" }] });
    expect(complaints).toHaveLength(6);
    expect(complaints[0]).toBe("round: expected a whole number, got x");
  });

  it("is another part's where it does not begin with the plane", () => {
    for (const hash of ["", "#runs", "#run=0123456789abcdef", "#planet", "#t=abc"])
      expect(hashToWish(hash), hash).toBeUndefined();
  });

  it("takes no names that objects have by themselves for fields", () => {
    const { wish } = read("#plane?constructor=1&__proto__=2");
    expect(Object.keys(wish.panes[0])).toEqual(["constructor"]);
  });
});

describe("layers", () => {
  it("have letters and keys of their own", () => {
    expect(new Set(LAYER_NAMES.map((name) => LAYERS[name].letter)).size).toBe(8);
  });

  it("show one fill at a time", () => {
    for (const name of LAYER_NAMES) {
      const shown = turnLayer(LAYER_NAMES, name);
      expect(shown).not.toContain(name);
      expect(turnLayer(["real", "heat"], "optimum")).toEqual(["real", "optimum"]);
      expect(turnLayer(["heat"], "manifold")).toEqual(["heat", "manifold"]);
    }
  });
});

const rate = makeSetting({ flag: "lr-generator", value: 0.001, default: 0.001 });
const other = makeSetting({ flag: "lr-discriminator", value: 0.001, default: 0.001 });
const steps = makeSetting({
  flag: "discriminator-steps",
  control: { kind: "number", isInteger: true, least: 1, most: 100 },
  value: 1,
  default: 1,
});
const loss = makeSetting({
  flag: "loss",
  control: {
    kind: "choice",
    choices: [
      { value: "minimax", label: "minimax" },
      { value: "hinge", label: "hinge" },
    ],
  },
  value: "hinge",
  default: "hinge",
});
const toggle = makeSetting({ flag: "alternate", control: { kind: "toggle" }, value: false, default: false });

describe("options in the address", () => {
  it("are read by the setting's own limits, and else said to be wrong", () => {
    expect(textToValue("3", steps)).toEqual({ value: 3 });
    expect(textToValue("2.5", steps)).toEqual({ expected: "a whole number from 1 to 100" });
    expect(textToValue("0", steps)).toHaveProperty("expected");
    for (const text of ["", " ", "x", "1e", "Infinity", "NaN", "0x10"])
      expect(textToValue(text, rate), text).toHaveProperty("expected");
    expect(textToValue("minimax", loss)).toEqual({ value: "minimax" });
    expect(textToValue("other", loss)).toEqual({ expected: "one of minimax, hinge" });
    expect(textToValue("true", toggle)).toEqual({ value: true });
    expect(textToValue("1", toggle)).toHaveProperty("expected");
  });

  it("are kept where they fit, and reported where not", () => {
    const { kept, complaints } = checkWished(
      { loss: "minimax", "discriminator-steps": "x", nothing: "1", seed: "3" },
      [rate, steps, loss],
    );
    expect(kept).toEqual({ loss: "minimax", seed: "3" });
    expect(complaints).toEqual([
      "discriminator-steps: expected a whole number from 1 to 100, got x",
      "nothing: expected an option of the plane, got this",
    ]);
  });

  it("are those that are not at their defaults, both rates as one where they are the same", () => {
    const at = (value: number) => [
      { ...rate, value },
      { ...other, value },
    ];
    expect(settingsToWished([rate, other, loss], {})).toEqual({});
    expect(settingsToWished(at(0.01), { lr: "0.01" })).toEqual({ lr: "0.01" });
    expect(settingsToWished([{ ...rate, value: 0.1 }, other], { lr: "0.01" })).toEqual({
      "lr-generator": "0.1",
    });
  });

  it("say which settings differ between panes", () => {
    const left = [rate, loss];
    const right = [rate, { ...loss, value: "minimax" }];
    expect([...settingsToDifferences([left, right])]).toEqual(["loss"]);
    expect([...settingsToDifferences([left])]).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import { lettersToLayers } from "../../../src/lab/client/plane/layers.ts";
import { PARTS } from "../../../src/lab/client/plane/parts.ts";
import { sceneToAddress } from "../../../src/lab/client/plane/scene-address.ts";
import { hashToWish } from "../../../src/lab/client/plane/state/address.ts";
import { VALUES } from "../../../src/lab/client/plane/values.ts";
import { checkClaim } from "../../../src/lab/scenes/check-claim.ts";
import type { Claim } from "../../../src/lab/scenes/scene.ts";
import { SCENE_NAMES } from "../../../src/lab/scenes/scene-names.ts";
import { SCENES } from "../../../src/lab/scenes/scenes.ts";

const OF_FAMILIES = /^(setting|target|reading|floor|verdict|shift)\./;
/** Columns of losses.csv that scenes speak of. */
const COLUMNS = /^(discriminator|generator)_(loss|gradient_norm)$|^(real|fake)_score$|^jsd$/;

describe.each(SCENE_NAMES)("the scene %s", (name) => {
  const scene = SCENES[name];
  const claims = scene.steps.flatMap((step): readonly Claim[] => step.claims);

  it("begins at an address that is understood as a whole", () => {
    const address = sceneToAddress(name);
    const read = hashToWish(address)!;
    expect(read.complaints).toEqual([]);
    expect(read.wish.tour).toBe(name);
    expect(read.wish.panes).toHaveLength(scene.panes.length);
    expect(read.wish.layers).toEqual(lettersToLayers(scene.layers));
  });

  it("points at parts of the page, and its claims are of numbers that the page shows", () => {
    for (const part of scene.steps.flatMap(({ parts }): readonly string[] => parts))
      expect(Object.hasOwn(PARTS, part) || /^(setting|reading|layer|line)-/.test(part), part).toBe(true);
    for (const { value } of claims) {
      const bare = value.replace(/^pane2\./, "");
      expect(Object.hasOwn(VALUES, bare) || OF_FAMILIES.test(bare) || COLUMNS.test(bare), value).toBe(true);
    }
  });

  it("has four to nine steps of plain sentences, and each says something that can be checked", () => {
    expect(scene.steps.length).toBeGreaterThanOrEqual(4);
    expect(scene.steps.length).toBeLessThanOrEqual(9);
    for (const { title, text, claims: own } of scene.steps) {
      expect(own.length, title).toBeGreaterThan(0);
      expect(text.length, title).toBeLessThan(420);
      for (const sentence of text.split(/[.?:;] /))
        expect(sentence.split(" ").length, sentence).toBeLessThan(32);
    }
  });
});

describe("a claim", () => {
  const claim = (changes: Partial<Claim>): Claim => ({
    value: "a",
    is: "below",
    bound: 1,
    says: "",
    ...changes,
  });

  it("holds where the number is on the right side of its bound, or near enough", () => {
    expect(checkClaim(claim({}), { a: 0.5 }).holds).toBe(true);
    expect(checkClaim(claim({}), { a: 1 }).holds).toBe(false);
    expect(checkClaim(claim({ is: "above" }), { a: 1 }).holds).toBe(false);
    expect(checkClaim(claim({ is: "near", within: 0.1 }), { a: 1.05 }).holds).toBe(true);
    expect(checkClaim(claim({ is: "near" }), { a: 1.05 }).holds).toBe(false);
    expect(checkClaim(claim({ bound: { value: "b", times: 2, plus: 1 } }), { a: 4.9, b: 2 }).holds).toBe(
      true,
    );
  });

  it("never holds of a number that is not on the screen, is not finite, or is held against such a one", () => {
    for (const values of [{}, { a: Number.NaN }, { a: "0" }, { a: Number.POSITIVE_INFINITY }])
      for (const is of ["below", "above", "near"] as const)
        expect(checkClaim(claim({ is, within: 9 }), values).holds).toBe(false);
    expect(checkClaim(claim({ bound: { value: "b" } }), { a: 0 }).holds).toBe(false);
  });
});

import { describe, expect, it } from "vitest";
import { neighbourhoodsToCrossPairs } from "../../../src/math/neighbours/cross-pairs.ts";
import {
  featuresToNeighbourhoods,
  neighbourhoodsToRadii,
} from "../../../src/math/neighbours/neighbourhoods.ts";
import { squaredDistance } from "../../../src/math/neighbours/squared-distance.ts";
import { mat } from "../seeded-features.ts";
import { lattice } from "./naive.ts";

describe("cross pairs of two sides", () => {
  const [a, b] = [lattice(1, 160, 3, 6), lattice(2, 130, 3, 6)];
  const neighbourhoods = Promise.all([a, b].map((side) => featuresToNeighbourhoods(side, { k: 4 })));

  it("are all pairs within a ball of either side, whether or not they are kept", async () => {
    const [real, fake] = await neighbourhoods;
    const [radii, others] = [real, fake].map((side) => neighbourhoodsToRadii(side, 4, "--k"));
    const expected = { within: 0, inside: 0 };
    for (let i = 0; i < a.rows; i++)
      for (let j = 0; j < b.rows; j++) {
        const squared = squaredDistance(a, i, b, j);
        if (squared <= radii[i] || squared <= others[j]) expected.within++;
        if (squared < radii[i] || squared < others[j]) expected.inside++;
      }
    for (const keep of [undefined, 0, 10, expected.within]) {
      const crossPairs = await neighbourhoodsToCrossPairs(real, fake, keep === undefined ? {} : { keep });
      for (let time = 0; time < 2; time++) {
        const got = { within: 0, inside: 0 };
        await crossPairs.forEach((pair) => {
          if (pair.isWithin(radii[pair.real]) || pair.isWithin(others[pair.fake])) got.within++;
          if (pair.isInside(radii[pair.real]) || pair.isInside(others[pair.fake])) got.inside++;
        });
        expect(got).toEqual(expected);
      }
    }
  });

  it("compare with a distance on its very value", async () => {
    const sides = [mat(3, 40, 50, 1, 5), mat(4, 30, 50, 1, 5)];
    const [real, fake] = await Promise.all(sides.map((side) => featuresToNeighbourhoods(side, { k: 30 })));
    let pairs = 0;
    await (await neighbourhoodsToCrossPairs(real, fake)).forEach((pair) => {
      const squared = squaredDistance(sides[0], pair.real, sides[1], pair.fake);
      expect(pair.isWithin(squared)).toBe(true);
      expect(pair.isInside(squared)).toBe(false);
      expect(pair.isInside(squared * (1 + 2 ** -50))).toBe(true);
      expect(pair.isWithin(squared * (1 - 2 ** -50))).toBe(false);
      pairs++;
    });
    expect(pairs).toBeGreaterThan(600);
  });
});

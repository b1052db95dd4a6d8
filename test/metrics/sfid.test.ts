import { expect, it } from "vitest";
import {
  type Features,
  featuresToMoments,
  momentsToCovariance,
  selectRows,
} from "../../src/math/features/statistics.ts";
import { featuresToFrechet } from "../../src/metrics/fid.ts";
import { row } from "../../src/metrics/sfid.ts";
import { mat } from "../math/seeded-features.ts";
import { openContext } from "./context.ts";

const [real, fake] = [mat(1, 200, 16), mat(2, 160, 16, 0.8, 0.15)];
const side = (features: Features) => ({
  count: features.rows,
  spatial: featuresToMoments(features),
  spatialFeatures: features,
});

it("sFID is the golden Fréchet distance where the spatial features are the golden ones", async () => {
  const sides = { real: side(real), fake: side(fake) };
  expect((await row.measure(sides, {}, openContext())).distance).toBeCloseTo(0.7328594153162973, 12);
});

it("sFID reads ADM's statistics on one side", async () => {
  const { mean, ...moments } = featuresToMoments(real);
  const statistics = { mu: mean, sigma: momentsToCovariance({ mean, ...moments }) };
  const sides = { real: { count: null, spatial: statistics }, fake: side(fake) };
  expect((await row.measure(sides, {}, openContext())).distance).toBeCloseTo(0.7328594153162973, 11);
});

it("sFID with a block left out is that of the other rows", async () => {
  const sides = { real: side(real), fake: side(fake) };
  const blocks = {
    role: "fake",
    count: 4,
    ofRow: Int32Array.from({ length: 160 }, (_, i) => i % 4),
  } as const;
  const got = await row.leaveOut!(sides, blocks, {}, openContext());
  got.forEach(({ distance }, block) => {
    const rest = selectRows(fake, (i) => blocks.ofRow[i] !== block);
    expect(distance).toBeCloseTo(featuresToFrechet(real, rest).distance, 10);
  });
});

it("sFID with a block of either side left out is that of the other rows", async () => {
  const sides = { real: side(real), fake: side(fake) };
  const blocksOf = (role: "real" | "fake", rows: number) => ({
    role,
    count: 4,
    ofRow: Int32Array.from({ length: rows }, (_, i) => i % 4),
  });
  const blocks = [blocksOf("real", 200), blocksOf("fake", 160)] as const;
  const [{ distance }] = await row.leaveOutPairs!(sides, blocks, [[1, 3]], {}, openContext());
  const rest = (of: Features, out: number) => selectRows(of, (i) => i % 4 !== out);
  expect(distance).toBeCloseTo(featuresToFrechet(rest(real, 1), rest(fake, 3)).distance, 10);
});

it("sFID without spatial features is a broken promise of the caller", () => {
  expect(() => row.measure({ real: side(real), fake: { count: 160 } }, {}, openContext())).toThrow(
    /fake side/,
  );
});

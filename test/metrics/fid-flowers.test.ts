import { describe, expect, test } from "vitest";
import { readNpz } from "../../src/formats/npz.ts";
import { type Features, featuresToMoments, momentsToCovariance } from "../../src/math/features/statistics.ts";
import { featuresToFrechet, statisticsToFrechet } from "../../src/metrics/fid.ts";
import { takeRows } from "../math/seeded-features.ts";
import { hasShared, shared } from "../shared.ts";

const FILE = "data/flowers/features.npz";
const CLASSES = ["daisy", "dandelion", "roses", "sunflowers", "tulips"] as const;

async function readClasses(): Promise<(name: (typeof CLASSES)[number]) => Features> {
  const arrays = await readNpz(shared(FILE));
  const data = arrays.get("features")!.data as Float32Array;
  const labels = Array.from(arrays.get("labels")!.data as Int32Array);
  const all = { data, rows: labels.length, width: data.length / labels.length };
  return (name) => {
    const positions = labels.flatMap((label, row) => (CLASSES[label] === name ? [row] : []));
    return takeRows(all, positions);
  };
}

describe.skipIf(!hasShared(FILE))("official Inception features of 3,670 flower photographs", () => {
  test("classes of 633 to 898 photos, d = 2048, have the known distances", { timeout: 240_000 }, async () => {
    const features = await readClasses();
    for (const [a, b, distance] of [
      ["daisy", "roses", 299.140463],
      ["daisy", "dandelion", 210.772673],
      ["roses", "tulips", 111.984996],
    ] as const) {
      const found = featuresToFrechet(features(a), features(b));
      // Known to 6 digits behind the point.
      expect(Math.abs(found.distance - distance)).toBeLessThan(1e-6);
      expect(found.errorBound).toBeLessThan(1e-9);
    }
  });

  test("from mu and singular sigma alone, the same to 1e-9", { timeout: 240_000 }, async () => {
    const features = await readClasses();
    const [a, b] = [features("daisy"), features("roses")];
    const [real, fake] = [a, b].map((side) => {
      const moments = featuresToMoments(side);
      return { mu: moments.mean, sigma: momentsToCovariance(moments) };
    });
    const known = statisticsToFrechet(real!, fake!);
    expect(Math.abs(known.distance - featuresToFrechet(a, b).distance)).toBeLessThan(1e-9);
  });
});

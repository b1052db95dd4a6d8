/** An image set of a few rows, and an extraction of it as a measurement does one. */
import type {
  BegunFeatures,
  CachedFeatures,
  FeatureCache,
  FeatureIdentity,
} from "../../../src/evaluate/feature-cache/cache.ts";
import { createMomentsAccumulator, type Features } from "../../../src/math/features/statistics.ts";

export const WIDTH = 6;
export const ROWS = 40;

export const identity: FeatureIdentity = {
  content: "c".repeat(64),
  extractor: "digits",
  extractorHash: "e".repeat(64),
  end: "features",
  preprocessing: "digits-28",
  onError: "skip",
  engine: "onnx",
  device: "cpu",
  isa: "avx2",
};
export const occasion = { location: "./mnist", threads: 2, width: WIDTH };
export const warnings = {
  source: [{ code: "skipped", message: "20 skipped as unreadable: ...", hint: "Repair them." }],
  extractor: [{ code: "dim", message: "3 images are dim" }],
};

/** Every third image of the set cannot be read. */
export const rowToImage = (row: number) => {
  const position = Math.floor((row * 3) / 2);
  return { position, name: `a "b"\n${position}.png` };
};
export const firstRows = (rows: number, from = 0): Features => ({
  data: Float32Array.from(
    { length: (rows - from) * WIDTH },
    (_, i) => Math.sin((from * WIDTH + i) * 12.9) * 7,
  ),
  rows: rows - from,
  width: WIDTH,
});
export const images = (rows: number, from = 0) =>
  Array.from({ length: rows - from }, (_, i) => rowToImage(from + i));

/** Extracts from the first row that is missing, in batches; `until` stops it there, as an error would. */
export async function extractRest(begun: BegunFeatures, batch = 7, until = ROWS): Promise<number> {
  const { writer, kept } = begun;
  const moments = createMomentsAccumulator(WIDTH);
  moments.add(kept.features);
  let extracted = 0;
  try {
    for (let at = kept.features.rows; at < until; at += batch) {
      const to = Math.min(at + batch, until);
      const features = firstRows(to, at);
      moments.add(features);
      await writer.append(features, images(to, at), at);
      extracted += to - at;
    }
    if (until === ROWS) await writer.finish({ warnings, moments: moments.finish() });
  } finally {
    await writer.abandon();
  }
  return extracted;
}

/** Takes what is there or extracts; how many rows were extracted. */
export async function findOrExtract(cache: FeatureCache): Promise<number> {
  if (await cache.find(identity, { features: true })) return 0;
  const begun = await cache.begin(identity, occasion);
  return begun ? extractRest(begun) : ROWS;
}

/** What a whole entry is found as. */
export const everything = (): CachedFeatures => ({
  rows: ROWS,
  width: WIDTH,
  warnings,
  features: firstRows(ROWS),
  names: images(ROWS).map(({ name }) => name),
  positions: Int32Array.from(images(ROWS), ({ position }) => position),
});

/** Samples as the embedded network of digits sees them. */
import { openOnnxEngine } from "../../src/engine/compile.ts";
import { openDigitsExtractor } from "../../src/extractors/digits/digits-extractor.ts";
import type { FeatureMatrix } from "../../src/extractors/extractor.ts";

export interface ReadDigits {
  readonly features: FeatureMatrix;
  /** One for each class. */
  readonly logits: FeatureMatrix;
}

/** Features and logits of grey images `[n, side, side, 1]` in [-1, 1]. */
export async function readDigits(images: Float32Array, side: number): Promise<ReadDigits> {
  const area = side * side;
  const engine = await openOnnxEngine({ device: "cpu", threads: 1 });
  const extractor = await openDigitsExtractor(engine);
  const { features, logits } = await extractor.extract(
    Array.from({ length: images.length / area }, (_, i) => ({
      name: `${i}`,
      width: side,
      height: side,
      pixels: Uint8Array.from({ length: 3 * area }, (_, k) =>
        Math.round((Math.max(-1, Math.min(1, images[i * area + Math.floor(k / 3)])) + 1) * 127.5),
      ),
    })),
  );
  await extractor.dispose();
  await engine.dispose();
  return { features: features!, logits: logits! };
}

/** The column of the largest number of a row: a class. */
export function rowToBest({ data, width }: Pick<FeatureMatrix, "data" | "width">, i: number): number {
  const row = data.subarray(i * width, (i + 1) * width);
  return row.indexOf(Math.max(...row));
}

/** Presets on images of 16 x 16 in classes, and such images. */
import { choicesToOptions, optionsToModel } from "../../src/train/model.ts";
import type { PresetName } from "../../src/train/presets.ts";
import { openRandomStream } from "../../src/train/random.ts";
import type { Scheme } from "../../src/train/scheme/scheme.ts";
import { modelToScheme } from "../../src/train/schemes/gan.ts";
import { type FieldData, imagesToTrainingData, trainingToFields } from "../../src/train/training-data.ts";

const SEED = 1;
const SHAPE = [16, 16, 1] as const;
const CLASSES = 3;
const COUNT = 10;

export const SMALL_BATCH = 4;

/** Noise, in another order at each pass. */
export const smallImages = (): FieldData =>
  trainingToFields(
    imagesToTrainingData(
      {
        pixels: Uint8Array.from(
          openRandomStream(SEED, "data").uniform(new Float32Array(COUNT * 256)),
          (x) => 256 * x,
        ),
        shape: SHAPE,
        labels: Int32Array.from({ length: COUNT }, (_, i) => i % CLASSES),
        classes: CLASSES,
      },
      SEED,
    ),
  );

export async function presetToScheme(model: PresetName): Promise<Scheme> {
  const facts = { shape: SHAPE, classes: CLASSES };
  const options = choicesToOptions({ model, batchSize: SMALL_BATCH }, facts);
  return modelToScheme(await optionsToModel(options, facts));
}

/** Images of what a generator makes of the same latents, again and again while it learns. */

import { pointsToBounds, pointsToImage } from "../drawing/points-to-image.ts";
import { samplesToGrid } from "../drawing/sample-grid.ts";
import type { Engine } from "../engine/engine.ts";
import { samplesToPixels } from "../images/decode/samples-to-pixels.ts";
import type { GanModel } from "../train/gan-model.ts";
import { labelsToOneHot } from "../train/labels.ts";
import { drawLatents, type LatentSpec, latentWidth } from "../train/latent.ts";
import { openRandomStream } from "../train/random.ts";
import { openSampler } from "../train/sampler.ts";
import type { Trainer } from "../train/trainer.ts";

export interface Preview {
  /** A PNG: a grid of images, or generated points over real ones. */
  draw(): Promise<Buffer>;
  dispose(): Promise<void>;
}

/** As many as PyTorch-GAN's grid. */
const IMAGES = 25;
const POINTS = 1000;
/** A grid of classes has a row for each of the first classes, and so many images in it. */
const CLASS_ROWS = 10;
const CLASS_COLUMNS = 10;

interface PreviewInputs {
  readonly latents: Float32Array;
  readonly labels?: Int32Array;
  readonly columns: number;
}

/** The same noise in every row of a grid whose rows are the values of the first categorical code. */
function codesToRows(spec: LatentSpec, latents: Float32Array, rows: number, columns: number): Float32Array {
  const width = latentWidth(spec);
  const size = spec.categories![0];
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const at = (row * columns + column) * width;
      if (row > 0) latents.copyWithin(at, column * width, column * width + width);
      latents.fill(0, at + spec.noise, at + spec.noise + size);
      latents[at + spec.noise + row] = 1;
    }
  return latents;
}

function modelToInputs(model: GanModel, seed: number): PreviewInputs {
  const random = openRandomStream(seed, "preview");
  const { latent, generator, classes = 0 } = model;
  if (generator.network.output.length === 1)
    return {
      latents: drawLatents(latent, POINTS, random),
      columns: 1,
      ...labelled(generator.network.classes, POINTS),
    };
  if (generator.network.classes !== undefined) {
    const rows = Math.min(CLASS_ROWS, classes);
    const labels = Int32Array.from({ length: rows * CLASS_COLUMNS }, (_, i) => Math.floor(i / CLASS_COLUMNS));
    return { latents: drawLatents(latent, labels.length, random), labels, columns: CLASS_COLUMNS };
  }
  if (latent.categories && latent.categories.length > 0) {
    const rows = Math.min(CLASS_ROWS, latent.categories[0]);
    const latents = drawLatents(latent, rows * CLASS_COLUMNS, random);
    return { latents: codesToRows(latent, latents, rows, CLASS_COLUMNS), columns: CLASS_COLUMNS };
  }
  return { latents: drawLatents(latent, IMAGES, random), columns: Math.sqrt(IMAGES) };
}

const labelled = (classes: number | undefined, n: number): { labels?: Int32Array } =>
  classes === undefined ? {} : { labels: Int32Array.from({ length: n }, (_, i) => i % classes) };

/** @param real held-out points, which those of a toy's generator are drawn over */
export async function openPreview(
  engine: Engine,
  model: GanModel,
  trainer: Trainer,
  seed: number,
  real: Float32Array,
): Promise<Preview> {
  const { latents, labels, columns } = modelToInputs(model, seed);
  const { network } = model.generator;
  const n = latents.length / latentWidth(model.latent);
  const sampler = await openSampler(engine, network, trainer.generator, Math.min(n, 100));
  const oneHot = labels && labelsToOneHot(labels, model.classes!);
  const [height, width, channels] = network.output;
  return {
    async draw() {
      const samples = await sampler.sample(latents, oneHot);
      if (network.output.length > 1)
        return samplesToGrid({ pixels: samplesToPixels(samples), height, width, channels, columns });
      const d = network.output[0];
      return pointsToImage({ real, generated: samples, d, bounds: pointsToBounds(real, d) });
    },
    dispose: () => sampler.dispose(),
  };
}

/** One program of both networks: a run gives everything that a picture of the plane shows. */
import type { ArrayData, ArrayValue, Engine, Tensors } from "../engine/engine.ts";
import * as tf from "../engine/tfjs.ts";
import { type GanModel, lossOf, packingOf } from "../train/gan-model.ts";
import { labelsToOneHot } from "../train/labels.ts";
import { under, within } from "../train/networks/names.ts";
import { PARTICULAR_ROWS } from "../train/options/particulars.ts";
import { outputToJudged, packSamples } from "../train/schemes/gan.ts";

/** By the names of a network's weights and buffers, `weights/...` and `buffers/...`; read where they lie at each run. */
export type NetworkArraysByName = Readonly<Record<string, ArrayValue>>;

export interface PlaneArrays {
  readonly generator: NetworkArraysByName;
  readonly discriminator: NetworkArraysByName;
}

/** What the networks are shown at every run. All row-major. */
export interface Shown {
  /** `[n, width]`, n a multiple of the packing. */
  readonly latents: Float32Array;
  /** `[m, width]`; may be empty. */
  readonly grid: Float32Array;
  /** `[n, d]` */
  readonly real: Float32Array;
  /** Classes of the reals, of data that have some. */
  readonly realLabels?: Int32Array;
  /** `[cells, d]` */
  readonly cells: Float32Array;
}

type Output = "samples" | "manifold" | "pushes" | "fake" | "real" | "heat";

/** Packs beside whose other samples a point is judged; the mean is shown. */
const CONTEXTS = 8;

/**
 * What the discriminator is shown for each cell, `[contexts, cells, packing, d]`. One that judges packs sees a point
 * beside real samples, the same for all points, in eight such packs: beside copies of itself a point would be taken for
 * a collapsed generator's.
 */
function cellsToPacks(cells: Float32Array, real: Float32Array, d: number, packing: number): Float32Array {
  if (packing === 1) return cells;
  const [count, reals] = [cells.length / d, real.length / d];
  const packs = new Float32Array(CONTEXTS * count * packing * d);
  for (let context = 0; context < CONTEXTS; context++)
    for (let cell = 0; cell < count; cell++)
      for (let i = 0; i < packing; i++) {
        const at = ((context * count + cell) * packing + i) * d;
        const beside = (context * packing + i) % reals;
        const [from, place] = i === 0 ? [cells, cell] : [real, beside];
        packs.set(from.subarray(place * d, (place + 1) * d), at);
      }
  return packs;
}

/** Of a discriminator that reads labels every cell is judged as each class; the mean is shown. */
function cellsToClasses(cells: Float32Array, classes: number): Float32Array {
  const points = new Float32Array(cells.length * classes);
  for (let i = 0; i < classes; i++) points.set(cells, i * cells.length);
  return points;
}

const countTo = (n: number, classes: number): Int32Array =>
  Int32Array.from({ length: n }, (_, i) => i % classes);

/** Everything that does not change from run to run, by the program's names of it. */
function shownToConstants(model: GanModel, shown: Shown): Record<string, ArrayValue> {
  const { network } = model.discriminator;
  const [width, d] = [model.generator.network.input[0], model.generator.network.output[0]];
  const [n, cells] = [shown.latents.length / width, shown.cells.length / d];
  const constants: Record<string, ArrayValue> = {};
  const add = (name: string, data: ArrayData, columns: number): void => {
    constants[name] = { data, shape: [data.length / columns, columns] };
  };
  const latents = new Float32Array(shown.latents.length + shown.grid.length);
  latents.set(shown.latents);
  latents.set(shown.grid, shown.latents.length);
  add("latents", latents, width);
  add("real", shown.real, d);
  const { classes } = network;
  if (classes === undefined) {
    add("cells", cellsToPacks(shown.cells, shown.real, d, packingOf(model)), d);
  } else {
    add("cells", cellsToClasses(shown.cells, classes), d);
    const everyClass = Int32Array.from({ length: cells * classes }, (_, i) => Math.floor(i / cells));
    add("labels/cells", labelsToOneHot(everyClass, classes), classes);
    add("labels/real", labelsToOneHot(shown.realLabels ?? countTo(n, classes), classes), classes);
    add("labels/fake", labelsToOneHot(countTo(n, classes), classes), classes);
  }
  const drawn = model.generator.network.classes;
  if (drawn !== undefined) add("labels/latents", labelsToOneHot(countTo(n, drawn), drawn), drawn);
  return constants;
}

/**
 * Compiles it. Networks are as for evaluation, without the noise that training may add to what the discriminator sees.
 *
 * `pushes` are -dL_G/dx of the generator's adversarial loss by every sample x (LOSSES), times the batch's size: of a loss
 * that is a mean this is the gradient of the sample's own term, of one that couples samples (relativistic, softmax) the
 * exact gradient in the batch that is shown, on the same scale. Of a discriminator of packs: of its pack's term.
 */
export async function openLookProgram(
  engine: Engine,
  model: GanModel,
  { generator, discriminator }: PlaneArrays,
  shown: Shown,
): Promise<{ run(): Promise<Record<Output, Float32Array>>; dispose(): Promise<void> }> {
  const loss = lossOf(model);
  const packing = packingOf(model);
  const [width, d] = [model.generator.network.input[0], model.generator.network.output[0]];
  const n = shown.latents.length / width;
  const cells = shown.cells.length / d;
  const constants = shownToConstants(model, shown);
  const inPlace: Record<string, ArrayValue> = {
    ...constants,
    ...under("generator", generator),
    ...under("discriminator", discriminator),
  };
  const numbers = {
    smoothing: model.smoothing ?? 0,
    margin: model.margin ?? PARTICULAR_ROWS.margin.default,
    balance: 0,
  };

  const fn = (inputs: Tensors): Tensors<Output> => {
    const given = (name: string) => ({
      weights: within(inputs, `${name}/weights`),
      buffers: within(inputs, `${name}/buffers`),
    });
    const judge = (points: tf.Tensor, labels: tf.Tensor | undefined): tf.Tensor => {
      const packs = packSamples(points, packing);
      const arrays = { ...given("discriminator"), labels };
      return outputToJudged(model, packs, model.discriminator.network.apply(packs, arrays, "evaluate"))
        .logits;
    };
    const made = model.generator.network.apply(
      inputs.latents,
      { ...given("generator"), labels: inputs["labels/latents"] },
      "evaluate",
    ).output as tf.Tensor2D;
    const samples = tf.slice(made, [0, 0], [n, d]);
    const fake = judge(samples, inputs["labels/fake"]);
    const real = judge(inputs.real, inputs["labels/real"]);
    const slopes = tf.grad((x) => loss.generator(real, judge(x, inputs["labels/fake"]), numbers))(samples);
    const heat = judge(inputs.cells, inputs["labels/cells"]);
    const manifold = shown.grid.length === 0 ? samples : tf.slice(made, [n, 0], [-1, d]);
    return {
      samples,
      manifold,
      pushes: tf.mul(slopes, -n / packing),
      fake,
      real,
      heat: tf.mean(tf.reshape(heat, [-1, cells]), 0),
    };
  };

  const program = await engine.compile(
    fn,
    Object.fromEntries(Object.entries(inPlace).map(([name, { shape }]) => [name, { shape }])),
    {
      name: "plane",
      inPlace: {
        inputs: Object.fromEntries(Object.entries(inPlace).map(([name, { data }]) => [name, data])),
      },
    },
  );
  return {
    async run() {
      const outputs = await program.run({} as never);
      return Object.fromEntries(
        Object.entries(outputs).map(([name, { data }]) => [name, data as Float32Array]),
      ) as Record<Output, Float32Array>;
    },
    dispose: () => program.dispose(),
  };
}

/** Layers that read the labels, one-hot `[n, classes]`. */
import * as tf from "../../engine/tfjs.ts";
import { GanEvalError } from "../../errors.ts";
import type { LayerRow } from "./layer-row.ts";
import { type DenseOptions, dense } from "./linear-layers.ts";
import { requireFlat, requireImage } from "./shapes.ts";
import { dividedByNorm, outputsLast, powerIteration, spectralSpecs } from "./spectral-norm.ts";

export interface LabelEmbeddingOptions {
  readonly classes: number;
  readonly units: number;
  /** Beside the input's numbers, or times them. */
  readonly join: "concat" | "multiply";
}

/** @throws GanEvalError `usage.labels` where there are none, or of other classes */
export function requireLabels(labels: tf.Tensor | undefined, classes: number): tf.Tensor {
  if (labels?.shape[1] === classes) return labels;
  throw new GanEvalError(
    "usage.labels",
    `expected one-hot labels of ${classes} classes with the input, got ${labels ? `[${labels.shape}]` : "none"}`,
  );
}

const classesOf = ({ classes }: { readonly classes: number }): number => classes;

/** The label's row of `embedding [classes, units]`. */
const rowOfLabel = (labels: tf.Tensor, embedding: tf.Tensor): tf.Tensor =>
  tf.matMul(labels as tf.Tensor2D, embedding as tf.Tensor2D);

/** A vector for each class, learnt, standard normal before training as those of torch.nn.Embedding. */
export const labelEmbedding: LayerRow<LabelEmbeddingOptions> = {
  classes: classesOf,
  weights: (_input, { classes, units }) => ({
    embedding: { shape: [classes, units], initializer: { kind: "normal", mean: 0, deviation: 1 } },
  }),
  output: (input, { units, join }) => {
    const inputs = requireFlat(input);
    if (join === "concat") return [inputs + units];
    if (inputs === units) return input;
    throw new GanEvalError(
      "usage.network",
      `expected embeddings of the input's ${inputs} numbers to multiply them by, got ${units}`,
    );
  },
  apply: (x, { weights: { embedding }, labels }, { join }) => {
    const row = rowOfLabel(labels!, embedding);
    return { output: join === "concat" ? tf.concat([x, row], 1) : tf.mul(x, row) };
  },
};

/** A channel for each class, of ones for the image's own and of zeros for the others. */
export const labelChannels: LayerRow<{ readonly classes: number }> = {
  classes: classesOf,
  output: (input, { classes }) => {
    const [height, width, channels] = requireImage(input);
    return [height, width, channels + classes];
  },
  apply: (x, { labels }, { classes }) => {
    const [batch, height, width] = x.shape;
    const channels = tf.add(
      tf.zeros([batch, height!, width!, classes]),
      tf.reshape(labels!, [batch, 1, 1, classes]),
    );
    return { output: tf.concat([x, channels], 3) };
  },
};

export interface ProjectionOptions extends Partial<DenseOptions> {
  readonly classes: number;
}

const head = ({ units = 1, ...options }: ProjectionOptions): DenseOptions => ({ units, ...options });

/**
 * A dense layer, to one number unless `units` says otherwise, plus the inner product of the features with a learnt
 * vector of the label's class. Both matrices have a spectral norm of their own. Miyato and Koyama 2018.
 */
export const projection: LayerRow<ProjectionOptions> = {
  classes: classesOf,
  weights: (input, options) => {
    const own = dense.weights!(input, head(options));
    const { initializer } = own.weights;
    return { ...own, embedding: { shape: [options.classes, requireFlat(input)], initializer } };
  },
  buffers: (input, options) => {
    if (!options.spectral) return {};
    const { u, v } = spectralSpecs(options.classes, requireFlat(input));
    return { ...dense.buffers!(input, head(options)), "embedding-u": u, "embedding-v": v };
  },
  output: (_input, { units = 1 }) => [units],
  apply: (x, arrays, options, mode) => {
    const { weights, buffers, labels } = arrays;
    const embedding = options.spectral
      ? dividedByNorm(weights.embedding, outputsLast, buffers["embedding-u"], buffers["embedding-v"])
      : weights.embedding;
    const inner = tf.sum(tf.mul(rowOfLabel(labels!, embedding), x), 1, true);
    return { output: tf.add(dense.apply(x, arrays, head(options), mode).output, inner) };
  },
  advance: (weights, buffers, options) => {
    if (!options.spectral) return {};
    const { u, v } = powerIteration(outputsLast(weights.embedding), { u: buffers["embedding-u"] });
    return { ...dense.advance!(weights, buffers, head(options)), "embedding-u": u, "embedding-v": v };
  },
};

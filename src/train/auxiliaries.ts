/** What a discriminator is asked for besides real or fake, and what the generator owes for it. */

import type { Tensors } from "../engine/engine.ts";
import * as tf from "../engine/tfjs.ts";
import { codeWidth, type LatentSpec } from "./latent.ts";
import type { AuxiliaryName } from "./options/names.ts";

export type { AuxiliaryName };

/** What a discriminator says of a batch. */
export interface Judged {
  /** `[n, 1]` */
  readonly logits: tf.Tensor;
  /** Further outputs by name, `[n, width]`. */
  readonly heads: Tensors;
  /** Values that its layers marked: an autoencoder's `embedding`. */
  readonly marks: Tensors;
}

/** What the answers should be. */
export interface Targets {
  /** One-hot labels of the real and of the fake images, `[n, classes]`; undefined where there are none. */
  readonly realLabels: tf.Tensor | undefined;
  readonly fakeLabels: tf.Tensor | undefined;
  /** The latents of the fake images, and what they are made of. */
  readonly latents: tf.Tensor;
  readonly latent: LatentSpec;
}

export interface Auxiliary {
  readonly label: string;
  /** Widths of the further outputs that it needs of a discriminator, by name. */
  readonly heads: (facts: {
    readonly classes: number;
    readonly latent: LatentSpec;
  }) => Record<string, number>;
  /** It reads labels of the real images. */
  readonly needsLabels?: true;
  /** A mark that the discriminator's layers must set. */
  readonly needsMark?: string;
  readonly discriminator?: (real: Judged, fake: Judged, targets: Targets) => tf.Scalar;
  readonly generator?: (fake: Judged, targets: Targets) => tf.Scalar;
  /** What it is multiplied by unless told otherwise. */
  readonly weight: number;
  readonly source: string;
}

/** -E log softmax(logits) at the one-hot targets `[n, classes]`. */
export const crossEntropy = (logits: tf.Tensor, targets: tf.Tensor): tf.Scalar =>
  tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(logits), targets), 1))) as tf.Scalar;

/** Share of the squared error of continuous codes beside the categories' cross-entropy: PyTorch-GAN's lambda_con. */
const CODE_SHARE = 0.1;

/** E of the categories' cross-entropies, and of the codes' squared error. */
function informationLoss({ heads }: Judged, { latents, latent }: Targets): tf.Scalar {
  const { noise, categories = [], codes = 0 } = latent;
  const columns = (x: tf.Tensor, from: number, width: number): tf.Tensor =>
    tf.slice(x as tf.Tensor2D, [0, from], [x.shape[0], width]);
  let at = 0;
  const terms = categories.map((size) => {
    const loss = crossEntropy(columns(heads.codes, at, size), columns(latents, noise + at, size));
    at += size;
    return loss;
  });
  if (codes > 0) {
    const error = tf.sub(columns(heads.codes, at, codes), columns(latents, noise + at, codes));
    terms.push(tf.mul(tf.mean(tf.square(error)), CODE_SHARE));
  }
  return terms.reduce((sum, term) => tf.add(sum, term));
}

/** E cos^2 between the embeddings of different images of a batch. */
function pullAway({ marks: { embedding } }: Judged): tf.Scalar {
  const n = embedding.shape[0];
  const rows = tf.reshape(embedding, [n, -1]) as tf.Tensor2D;
  const norms = tf.sqrt(tf.add(tf.sum(tf.square(rows), 1, true), 1e-12));
  const unit = tf.div(rows, norms) as tf.Tensor2D;
  const squares = tf.sum(tf.square(tf.matMul(unit, unit, false, true)));
  return tf.div(tf.sub(squares, n), n * (n - 1));
}

/** Every auxiliary, by the name of `--auxiliary`. */
export const AUXILIARIES = {
  /** D and G: the class of every image, by cross-entropy (AC-GAN). */
  classification: {
    label: "auxiliary classifier",
    heads: ({ classes }) => ({ classes }),
    needsLabels: true,
    discriminator: (real, fake, { realLabels, fakeLabels }) =>
      tf.add(crossEntropy(real.heads.classes, realLabels!), crossEntropy(fake.heads.classes, fakeLabels!)),
    generator: (fake, { fakeLabels }) => crossEntropy(fake.heads.classes, fakeLabels!),
    weight: 1,
    source: "Odena et al. 2017",
  },
  /** D: the class of real images, and one class more for fake ones. */
  "semi-supervised": {
    label: "semi-supervised",
    heads: ({ classes }) => ({ classes: classes + 1 }),
    needsLabels: true,
    discriminator: (real, fake, { realLabels }) => {
      const labels = realLabels as tf.Tensor2D;
      const [n, classes] = labels.shape;
      const none = tf.zeros([n, 1]);
      const isFake = tf.concat([tf.zeros([n, classes]), tf.ones([n, 1])], 1);
      return tf.add(
        crossEntropy(real.heads.classes, tf.concat([labels, none], 1)),
        crossEntropy(fake.heads.classes, isFake),
      );
    },
    weight: 1,
    source: "Odena 2016; Salimans et al. 2016",
  },
  /** D and G: the codes that a fake image was made from. */
  information: {
    label: "mutual information",
    heads: ({ latent }) => ({ codes: codeWidth(latent) }),
    discriminator: (_real, fake, targets) => informationLoss(fake, targets),
    generator: informationLoss,
    weight: 1,
    source: "Chen et al. 2016",
  },
  /** G: embeddings of different images stay apart. */
  "pull-away": {
    label: "pull-away",
    heads: () => ({}),
    needsMark: "embedding",
    generator: (fake) => pullAway(fake),
    weight: 0.1,
    source: "Zhao et al. 2017",
  },
} as const satisfies Readonly<Record<AuxiliaryName, Auxiliary>>;

/** Batch normalisation of a trained network, folded into its convolutions. */

/** Batch normalisation of a trained network, per output channel. */
export interface BatchNorm {
  readonly mean: Float32Array;
  readonly variance: Float32Array;
  readonly beta: Float32Array;
  /** Scale; 1 for all if left out. */
  readonly gamma?: Float32Array;
  readonly epsilon: number;
}

/** The network's epsilon as both TensorFlow's attribute and PyTorch's argument round it. */
export const EPSILON = Math.fround(0.001);

/** gamma / sqrt(variance + epsilon), float64. */
function channelScales({ variance, gamma, epsilon }: BatchNorm): Float64Array {
  return Float64Array.from(variance, (v, c) => (gamma ? gamma[c] : 1) / Math.sqrt(v + epsilon));
}

/**
 * Weights of the convolution that does both: `w' = w scale`, in float64, rounded to float32 once.
 * @param weights row-major with the output channel last (HWIO)
 */
export function foldIntoWeights(weights: Float32Array, norm: BatchNorm): Float32Array {
  const scales = channelScales(norm);
  const channels = scales.length;
  return weights.map((w, i) => w * scales[i % channels]);
}

/** Its biases: `b' = beta - mean scale`, in float64, rounded to float32 once. */
export function foldIntoBiases(norm: BatchNorm): Float32Array {
  const scales = channelScales(norm);
  return norm.beta.map((beta, c) => beta - norm.mean[c] * scales[c]);
}

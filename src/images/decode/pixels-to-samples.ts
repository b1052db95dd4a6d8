/** Bytes as networks see them: the inverse of `samplesToPixels`. */

/** `p / 127.5 - 1` of each level. */
export const LEVELS = Float32Array.from({ length: 256 }, (_, level) => level / 127.5 - 1);

/** Bytes of any shape as values in [-1, 1]. */
export const pixelsToSamples = (pixels: Uint8Array): Float32Array =>
  Float32Array.from(pixels, (level) => LEVELS[level]);

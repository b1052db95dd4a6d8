/** The one scale of all arrows: their lengths are logarithms of the pushes, so that a thousandth can still be seen. */

/** Pushes below this are drawn as nothing. */
const LEAST = 1e-4;
/** A push ten times as long is drawn this much longer. */
const PIXELS = 9;

/** Pixels of a push of this length, in the data's units. */
export const pushToPixels = (length: number): number =>
  length > LEAST ? PIXELS * Math.log10(length / LEAST) : 0;

/** Those of the legend. */
export const SHOWN_PUSHES = [0.001, 0.01, 0.1, 1] as const;

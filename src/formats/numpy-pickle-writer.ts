/** NumPy's arrays as pickles that `pickle.load` reads with NumPy 1 and 2 (which keeps the old module's name for them). */
import {
  boolToPickle,
  buildToPickle,
  bytesToPickle,
  callToPickle,
  globalToPickle,
  intToPickle,
  none,
  type Pickled,
  textToPickle,
  tupleToPickle,
} from "./pickle-writer.ts";

const DTYPE = buildToPickle(
  callToPickle(globalToPickle("numpy", "dtype"), textToPickle("f8"), boolToPickle(false), boolToPickle(true)),
  tupleToPickle(
    intToPickle(3),
    textToPickle("<"),
    ...[none, none, none],
    ...[intToPickle(-1), intToPickle(-1), intToPickle(0)],
  ),
);

/** Numbers in row-major order as a float64 array of that shape. */
export function float64ToPickle(data: Float64Array, shape: readonly number[]): Pickled {
  const empty = callToPickle(
    globalToPickle("numpy.core.multiarray", "_reconstruct"),
    globalToPickle("numpy", "ndarray"),
    tupleToPickle(intToPickle(0)),
    bytesToPickle(Uint8Array.of(0x62)),
  );
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return buildToPickle(
    empty,
    tupleToPickle(
      intToPickle(1),
      tupleToPickle(...shape.map(intToPickle)),
      DTYPE,
      boolToPickle(false),
      bytesToPickle(bytes),
    ),
  );
}

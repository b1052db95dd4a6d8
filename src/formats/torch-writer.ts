/** Writes a tensor as `torch.save` does (torch/serialization.py, `_save`): `torch.load(weights_only=True)` reads it. */
import {
  boolToPickle,
  callToPickle,
  globalToPickle,
  intToPickle,
  persistentToPickle,
  pickledToFile,
  textToPickle,
  tupleToPickle,
} from "./pickle-writer.ts";
import { filesToZip } from "./zip-writer.ts";

const FOLDER = "archive";

/** A float32 matrix in row-major order as the chunks of a file. The same numbers give the same bytes. */
export function matrixToTorch(data: Float32Array, rows: number, width: number): Iterable<Uint8Array> {
  const storage = persistentToPickle(
    tupleToPickle(
      textToPickle("storage"),
      globalToPickle("torch", "FloatStorage"),
      textToPickle("0"),
      textToPickle("cpu"),
      intToPickle(data.length),
    ),
  );
  const tensor = callToPickle(
    globalToPickle("torch._utils", "_rebuild_tensor_v2"),
    storage,
    intToPickle(0),
    tupleToPickle(intToPickle(rows), intToPickle(width)),
    tupleToPickle(intToPickle(width), intToPickle(1)),
    boolToPickle(false),
    callToPickle(globalToPickle("collections", "OrderedDict")),
  );
  const text = (content: string) => new TextEncoder().encode(content);
  return filesToZip([
    { name: `${FOLDER}/data.pkl`, bytes: Buffer.concat(pickledToFile(tensor, 2)) },
    { name: `${FOLDER}/byteorder`, bytes: text("little") },
    { name: `${FOLDER}/data/0`, bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) },
    { name: `${FOLDER}/version`, bytes: text("3\n") },
  ]);
}

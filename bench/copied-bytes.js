// Counts what crosses between JavaScript's memory and a device: tensors of the CPU that a session on the device is fed,
// and tensors of the CPU that it gives back. Call it before the first session is opened.
import { loadOnnxRuntime } from "../dist/engine/onnxruntime.js";

const BYTES = { float32: 4, int32: 4, float64: 8, int64: 8, uint8: 1, bool: 1 };

/** A tensor on the device stays where it is. */
const bytesOf = (tensors) =>
  Object.values(tensors).reduce(
    (sum, { location, type, size }) => sum + (location === "cpu" ? BYTES[type] * size : 0),
    0,
  );

/** @returns the bytes up and down so far, counted at every run of every session that is opened on `device` from now on */
export async function countCopies(device) {
  const copied = { up: 0, down: 0 };
  const { InferenceSession } = await loadOnnxRuntime();
  const create = InferenceSession.create.bind(InferenceSession);
  InferenceSession.create = async (...args) => {
    const session = await create(...args);
    if (!args.at(-1)?.executionProviders?.includes(device)) return session;
    const run = session.run.bind(session);
    session.run = async (feeds, ...more) => {
      copied.up += bytesOf(feeds);
      const results = await run(feeds, ...more);
      copied.down += bytesOf(results);
      return results;
    };
    return session;
  };
  return copied;
}

// The machine's own limit: a 2048 x 2048 x 2048 float32 matrix product through ONNX Runtime.
import * as tf from "../dist/engine/tfjs.js";

const SIZE = 2048;

/** The best of `runs`, in GFLOPS: what the machine can do while nothing disturbs it. */
export async function measureSgemm(engine, runs = 8) {
  const seconds = await timeProducts(engine, (done) => done < runs);
  return toGflops(Math.min(...seconds));
}

/** Products for so many seconds on end, in GFLOPS: what a long computation can count on. */
export async function measureSustainedSgemm(engine, seconds = 4) {
  const end = performance.now() + 1e3 * seconds;
  const all = await timeProducts(engine, () => performance.now() < end);
  return toGflops(all.reduce((a, b) => a + b) / all.length);
}

const toGflops = (seconds) => (2 * SIZE ** 3) / seconds / 1e9;

/** Seconds of each product; the first, which is slower, goes before. */
async function timeProducts(engine, goesOn) {
  const program = await engine.compile(({ a, b }) => ({ c: tf.matMul(a, b) }), {
    a: { shape: [SIZE, SIZE] },
    b: { shape: [SIZE, SIZE] },
  });
  const a = Float32Array.from({ length: SIZE * SIZE }, (_, i) => Math.sin(i));
  await program.run({ a, b: a });
  const seconds = [];
  while (goesOn(seconds.length)) {
    const start = performance.now();
    await program.run({ a, b: a });
    seconds.push((performance.now() - start) / 1e3);
  }
  await program.dispose();
  return seconds;
}

// The machine's own limit: a 2048 x 2048 x 2048 float32 matrix product through ONNX Runtime.
import * as tf from "@tensorflow/tfjs";

const SIZE = 2048;

/** The best of `runs`, in GFLOPS. */
export async function measureSgemm(engine, runs = 8) {
  const program = await engine.compile(({ a, b }) => ({ c: tf.matMul(a, b) }), {
    a: { shape: [SIZE, SIZE] },
    b: { shape: [SIZE, SIZE] },
  });
  const a = Float32Array.from({ length: SIZE * SIZE }, (_, i) => Math.sin(i));
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    await program.run({ a, b: a });
    best = Math.min(best, performance.now() - start);
  }
  await program.dispose();
  return (2 * SIZE ** 3) / best / 1e6;
}

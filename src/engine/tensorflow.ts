/** Loads tensorflow.js once, with this package's gradients. */
import type * as TensorFlow from "./tfjs.ts";

export type Tensorflow = typeof TensorFlow;

let loading: Promise<Tensorflow> | undefined;

/**
 * The one tensorflow.js of the process, with every gradient of ./gradients registered. Loading takes about 110 ms, so
 * it happens at the first use. The cpu backend is current afterwards.
 */
export function loadTensorflow(): Promise<Tensorflow> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Tensorflow> {
  const tf = await import("./tfjs.ts");
  await tf.setBackend("cpu");
  silenceBanner(tf);
  await registerGradients(tf);
  return tf;
}

/** Puts the gradients of ./gradients in the place of tensorflow.js's own. */
export async function registerGradients(tf: Tensorflow): Promise<void> {
  const { GRADIENTS } = await import("./gradients/table.ts");
  for (const [kernelName, row] of Object.entries(GRADIENTS)) {
    if (tf.getGradient(kernelName) !== undefined) tf.unregisterGradient(kernelName);
    tf.registerGradient({ kernelName, ...row });
  }
}

/** The cpu backend advertises tfjs-node on stderr at its first tensor, unless it thinks it has had one. */
function silenceBanner(tf: Tensorflow): void {
  const cpu = tf.findBackend("cpu") as TensorFlow.KernelBackend & { firstUse: boolean };
  cpu.firstUse = false;
}

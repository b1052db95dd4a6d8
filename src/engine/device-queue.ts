/** The order in which a device works: one job at a time where two at once would crash. */
import type { DeviceName } from "./engine.ts";
import { Queue } from "./queue.ts";

/**
 * ONNX Runtime's WebGPU crashes where two sessions run at once (onnxruntime #32561, #27592, #31627). Today a run blocks its
 * thread, so that within one there are never two; this holds it too where runs come to be asynchronous (#32346).
 */
const QUEUES: Readonly<Partial<Record<DeviceName, Queue>>> = { webgpu: new Queue() };

/** Does what a session does on a device (opening, running, releasing) when everything before it is done. */
export const onDevice = <T>(device: DeviceName, job: () => Promise<T>): Promise<T> =>
  QUEUES[device]?.add(job) ?? job();

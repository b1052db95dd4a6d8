/**
 * tensorflow.js as this program uses it: core, layers, graph models and the cpu backend, with gradients and the methods of
 * tensors registered. Everything here imports it from this file. The union package @tensorflow/tfjs is the same and 164 MB
 * more: WebGL, data sets, bundles for browsers.
 */

export * from "@tensorflow/tfjs-backend-cpu";
export * from "@tensorflow/tfjs-converter";
export * from "@tensorflow/tfjs-core";
export * from "@tensorflow/tfjs-layers";

import type {} from "@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js";
// After core, whose registries it fills.
import "../../vendor/tfjs/registrations.js";

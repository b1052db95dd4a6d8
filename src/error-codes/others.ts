/** Codes of what is not there, of runs that cannot go on, and of faults of gan-eval itself, and what each means. */

export const UNAVAILABLE_CODES = {
  "unavailable.charts": "The library that draws charts cannot be loaded.",
  "unavailable.device": "The device is not there.",
  "unavailable.download": "A file cannot be downloaded.",
  "unavailable.engine": "The engine cannot be loaded.",
  "unavailable.inception-weights": "The weights of the Inception network are not installed.",
  "unavailable.memory": "There is not enough memory to resize an image.",
  "unavailable.weights": "The weights of a network are not there.",
} as const satisfies Readonly<Record<`unavailable.${string}`, string>>;

export const RUN_CODES = {
  "run.diverged": "A loss, gradient or weight of the run became NaN or infinite.",
  "run.interrupted": "The run was interrupted; it can be resumed.",
  "run.lock-lost": "Another process took the folder while it was in use.",
  "run.sweep-failed": "All runs of a sweep failed.",
} as const satisfies Readonly<Record<`run.${string}`, string>>;

export const INTERNAL_CODES = {
  "internal.cancelled": "Reading was stopped, and something was read afterwards.",
  "internal.child": "The process of a run ended without a word.",
  "internal.decode": "A decoder failed in a way that is not the image's fault.",
  "internal.eigenvalues": "The eigenvalues of a matrix did not converge.",
  "internal.feature-cache": "Rows of the feature cache were written out of order.",
  "internal.feature-end": "An extractor did not return a layer that it has.",
  "internal.float-products": "A product of features was asked for outside of them.",
  "internal.graph-arity": "A node of a compiled graph has too many or too few inputs or outputs.",
  "internal.graph-attribute": "A node of a compiled graph has a wrong attribute.",
  "internal.graph-constant": "A constant of a compiled graph does not fit its shape.",
  "internal.graph-duplicate": "Two values of a compiled graph have one name, or one has none.",
  "internal.graph-op": "A compiled graph has an unknown operation.",
  "internal.graph-output": "The outputs of a compiled graph are none, or two of one name.",
  "internal.graph-type": "A value of a compiled graph has a wrong type or shape.",
  "internal.graph-undefined": "A value of a compiled graph is used before it is defined.",
  "internal.lab-thread": "The thread of a pane of the lab ended.",
  "internal.labels": "A row has no label.",
  "internal.moments": "Rows were added to moments that were finished.",
  "internal.npy-shape": "An array to write does not fit its shape.",
  "internal.round-input": "A round of training has an input that nothing is known of.",
  "internal.round-step": "A step of a round was taken out of turn.",
  "internal.run-description": "The description of a run to write is wrong.",
  "internal.run-order": "The records of a run were written out of order.",
  "internal.session-open": "ONNX Runtime did not take a compiled graph.",
  "internal.session-run": "ONNX Runtime failed to run a compiled graph.",
  "internal.spatial": "The spatial features of a side are missing.",
  "internal.training-memory": "The memory of compiled training was sized too small.",
  "internal.unexpected": "Something failed in a way that nobody foresaw.",
  "internal.workspace": "The memory of a matrix problem was sized too small.",
} as const satisfies Readonly<Record<`internal.${string}`, string>>;

/** Toy distributions as training data. */
import { createHash } from "node:crypto";
import { openRandomStream } from "../random.ts";
import { TOY_DATA, type ToyData, type ToyName } from "../toy-data.ts";
import { toyToTrainingData } from "../training-data.ts";
import { HELD_OUT_SEED, type OpenedData } from "./opened-data.ts";

/** sha256 of everything that defines a toy but its curve, for which its name stands. */
function toyToHash(name: ToyName, { label, d, mixture, source }: ToyData): string {
  const modes = mixture && { centres: [...mixture.centres], deviation: mixture.deviation };
  return createHash("sha256").update(JSON.stringify({ name, label, d, source, modes })).digest("hex");
}

/** A distribution without an end; its held-out samples come from a stream that no run trains on. */
export function toyToOpenedData(name: ToyName): OpenedData {
  const toy: ToyData = TOY_DATA[name];
  return {
    kind: "toy",
    label: `${toy.label} (${toy.source})`,
    location: name,
    shape: [toy.d],
    hash: toyToHash(name, toy),
    ...(toy.mixture && { mixture: toy.mixture }),
    kernels: toy.kernels,
    training: (seed) => toyToTrainingData(toy, seed),
    heldOut: (n) => ({ samples: toy.sample(n, openRandomStream(HELD_OUT_SEED, "evaluation")) }),
    warnings: [],
  };
}

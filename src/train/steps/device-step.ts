/** A step as a device takes it: over each player's flat arrays, with its gradients and statistics left there. */
import type { InputSpec, Tensors } from "../../engine/engine.ts";
import * as tf from "../../engine/tfjs.ts";
import type { Step } from "../scheme/step.ts";
import type { DeviceData } from "./device-data.ts";
import type { DevicePlayer } from "./device-player.ts";
import { type FlatLayout, type FlatPlace, flatToTensors, tensorsToFlat } from "./flat-arrays.ts";
import { outputToPool } from "./steps.ts";

/** Logits of one output, where they lie in the flat output. */
export interface LogitsPlace {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
}

/** What the outputs `losses` and `logits` consist of, in order. Known when the step is traced. */
export interface OutputPlaces {
  readonly losses: readonly string[];
  readonly logits: readonly LogitsPlace[];
}

export interface DeviceStep {
  readonly fn: (inputs: Tensors) => Tensors;
  readonly signature: Readonly<Record<string, InputSpec>>;
  /** Outputs that stay on the device: logits, gradients and running statistics. */
  readonly stays: readonly string[];
  readonly places: OutputPlaces;
}

/** What a step runs over. */
export interface StepArrays {
  readonly players: Readonly<Record<string, Pick<DevicePlayer, "layouts">>>;
  readonly data: DeviceData | undefined;
  /** Arrays of networks that nobody owns, by a step's names. */
  readonly frozen: Readonly<Record<string, InputSpec>>;
}

/** A player's flat array among a step's inputs and outputs. */
export const flatName = (player: string, what: "weights" | "buffers" | "gradients"): string =>
  `players/${player}/${what}`;

const placeToName =
  (what: string) =>
  ({ network, key }: FlatPlace): string =>
    `${network}/${what}/${key}`;

const isLoss = (output: string): boolean => output.startsWith("terms/") || output.endsWith("/loss");

/** Weights and buffers of all networks, by a step's names. */
function flatToNetworks(inputs: Partial<Tensors>, { players }: StepArrays): Tensors {
  const arrays: Tensors = {};
  for (const [name, { layouts }] of Object.entries(players))
    for (const what of ["weights", "buffers"] as const) {
      const flat = inputs[flatName(name, what)];
      if (flat) Object.assign(arrays, flatToTensors(flat, layouts[what], placeToName(what)));
    }
  return arrays;
}

function logitsToPlaces(made: Tensors): LogitsPlace[] {
  let offset = 0;
  return Object.entries(made).flatMap(([name, { size }]) => {
    if (!name.startsWith("logits/")) return [];
    offset += size;
    return [{ name, offset: offset - size, size }];
  });
}

export function stepToDeviceStep({ planned, fn, signature }: Step, arrays: StepArrays): DeviceStep {
  const { players, data, frozen } = arrays;
  const places: { losses: string[]; logits: LogitsPlace[] } = { losses: [], logits: [] };
  const given: Record<string, InputSpec> = { ...frozen, ...data?.arrays };
  const stays = ["logits"];
  for (const [name, { layouts }] of Object.entries(players)) {
    given[flatName(name, "weights")] = { shape: [layouts.weights.size] };
    if (planned.trains.includes(name)) stays.push(flatName(name, "gradients"));
    if (layouts.buffers.size === 0) continue;
    given[flatName(name, "buffers")] = { shape: [layouts.buffers.size] };
    stays.push(flatName(name, "buffers"));
  }
  const flat = (made: Tensors, what: string, layout: FlatLayout) =>
    tensorsToFlat(layout.places.map((place) => made[placeToName(what)(place)]));
  return {
    stays,
    places,
    signature: { ...(data?.toSignature(signature) ?? signature), ...given },
    fn: (inputs) => {
      const images = data?.toImages(inputs, signature) ?? inputs;
      const made = fn({ ...images, ...flatToNetworks(inputs, arrays) });
      places.losses = Object.keys(made).filter(isLoss);
      places.logits = logitsToPlaces(made);
      const outputs: Tensors = {
        losses: tf.stack(places.losses.map((name) => tf.reshape(made[name], []))),
      };
      if (places.logits.length > 0)
        outputs.logits = tensorsToFlat(places.logits.map(({ name }) => made[name]));
      for (const name of Object.keys(made)) if (outputToPool(name) !== undefined) outputs[name] = made[name];
      for (const [name, { layouts }] of Object.entries(players)) {
        if (planned.trains.includes(name))
          outputs[flatName(name, "gradients")] = flat(made, "gradients", layouts.weights);
        if (layouts.buffers.size > 0)
          outputs[flatName(name, "buffers")] = flat(made, "buffers", layouts.buffers);
      }
      return outputs;
    },
  };
}

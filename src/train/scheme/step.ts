/** A step of a scheme as a function of tensors: every term once, and the gradients of the players that it trains. */
import type { InputSpec, Tensors } from "../../engine/engine.ts";
import * as tf from "../../engine/tfjs.ts";
import { GanEvalError } from "../../errors.ts";
import { under, within } from "../networks/names.ts";
import { inputToSpec } from "./inputs.ts";
import { type NetworkTensors, TracedRound } from "./round.ts";
import { ownerOf, type PlannedStep, type Scheme, type Term, takesPart, termsOf } from "./scheme.ts";

/** One step, for an engine to compile. */
export interface Step {
  readonly planned: PlannedStep;
  /**
   * What is given anew for each run: the scheme's inputs by name; `noise/PLACE/...`, uniform in [0, 1), for the layers
   * that drop or draw; `pools/NAME/stored` and `pools/NAME/from`; `weights/TERM`.
   */
  readonly signature: Readonly<Record<string, InputSpec>>;
  /** Arrays that stay: `NETWORK/weights/...` and `NETWORK/buffers/...`. */
  readonly arrays: Readonly<Record<string, InputSpec>>;
  /**
   * `PLAYER/loss`; `terms/NAME`, without their weights; `logits/DISCRIMINATOR/real` and `/fake`, those of before the
   * step; `pools/NAME/made`; `NETWORK/gradients/...` and `NETWORK/buffers/...`.
   */
  readonly fn: (inputs: Tensors) => Tensors;
}

/** What steps reached while they were traced: what is declared and never reached is a mistake. */
export interface Reached {
  readonly places: Set<string>;
  readonly networks: Set<string>;
}

/** The networks that a step's players own. */
const trainedBy = ({ players }: Scheme, trains: readonly string[]): readonly string[] =>
  trains.flatMap((player) => players[player].owns);

/** The pools that a step's terms may read. */
const poolsOf = ({ pools = {} }: Scheme) => Object.entries(pools);

function stepToSignature(scheme: Scheme, step: PlannedStep): Record<string, InputSpec> {
  const { batchSize, networks } = scheme;
  const signature: Record<string, InputSpec> = {};
  for (const [name, input] of Object.entries(scheme.inputs))
    if (takesPart(input, step.trains)) signature[name] = inputToSpec(input, batchSize);
  for (const [place, pass] of Object.entries(scheme.passes))
    if (takesPart(pass, step.trains))
      for (const [key, of] of Object.entries(networks[pass.network].noise))
        signature[`noise/${place}/${key}`] = { shape: [pass.batch ?? batchSize, ...of] };
  for (const [name, { shape }] of poolsOf(scheme)) {
    signature[`pools/${name}/stored`] = { shape: [batchSize, ...shape] };
    signature[`pools/${name}/from`] = { shape: [batchSize], dtype: "int32" };
  }
  for (const { name, weight } of termsOf(scheme, step))
    if (weight !== undefined) signature[`weights/${name}`] = { shape: [] };
  return signature;
}

export function schemeToArrays({ networks }: Scheme): Record<string, InputSpec> {
  const arrays: Record<string, InputSpec> = {};
  for (const [name, { weights, buffers }] of Object.entries(networks)) {
    for (const [key, { shape }] of Object.entries(weights)) arrays[`${name}/weights/${key}`] = { shape };
    for (const [key, { shape }] of Object.entries(buffers)) arrays[`${name}/buffers/${key}`] = { shape };
  }
  return arrays;
}

/** A sum of terms at weights, and its gradients by the weights' names; undefined where one does not reach it. */
function weightsToGradients(
  weights: Tensors,
  loss: (weights: Tensors) => tf.Scalar,
): { readonly loss: tf.Scalar; readonly gradients: Readonly<Record<string, tf.Tensor | undefined>> } {
  const names = Object.keys(weights);
  const { value, grads } = tf.engine().gradients(
    () => loss(weights),
    names.map((name) => weights[name]),
    undefined,
    true,
  );
  return {
    loss: value as tf.Scalar,
    gradients: Object.fromEntries(names.map((name, i) => [name, grads[i] as tf.Tensor | undefined])),
  };
}

/** The running statistics of networks after the passes of a round, one after the other. */
function roundToBuffers(
  scheme: Scheme,
  round: TracedRound,
  inputs: Tensors,
  networks: Readonly<Record<string, NetworkTensors>>,
): Tensors {
  const buffers: Record<string, Tensors> = {};
  for (const [name, tensors] of Object.entries(networks))
    if (ownerOf(scheme, name) !== undefined) buffers[name] = tensors.buffers;
  for (const [place, { x, given }] of round.reached) {
    const { network } = scheme.passes[place];
    if (!Object.hasOwn(buffers, network) || Object.keys(networks[network].buffers).length === 0) continue;
    const { weights } = networks[network];
    const noise = within(inputs, `noise/${place}`);
    const arrays = { weights, buffers: buffers[network], noise, ...given };
    // The same computation as the pass itself: the graph has it once, and only the statistics are new.
    buffers[network] = scheme.networks[network].apply(x, arrays, "train").buffers;
  }
  return Object.assign({}, ...Object.entries(buffers).map(([name, own]) => under(`${name}/buffers`, own)));
}

const weighted = (term: Term, value: tf.Scalar, inputs: Tensors): tf.Scalar =>
  term.weight === undefined ? value : tf.mul(value, inputs[`weights/${term.name}`]);

/**
 * One step of a scheme: the gradients of the players that it trains, at the weights as they are. Values that several
 * players need are written several times and computed once: the graph shares common subexpressions.
 * @throws GanEvalError `usage.scheme`, when traced, where terms, passes and networks do not fit together
 */
export function schemeToStep(scheme: Scheme, planned: PlannedStep, reached?: Reached): Step {
  const { trains } = planned;
  const trained = trainedBy(scheme, trains);
  const terms = termsOf(scheme, planned);

  const fn = (inputs: Tensors): Tensors => {
    const outputs: Tensors = {};
    const networks = Object.fromEntries(
      Object.entries(scheme.networks).map(([name, network]) => {
        const weights = within(inputs, `${name}/weights`);
        const buffers = within(inputs, `${name}/buffers`);
        const advanced = trained.includes(name) ? network.advance?.(weights, buffers) : undefined;
        return [name, { weights, buffers: advanced ?? buffers }];
      }),
    );
    const round = new TracedRound(scheme, inputs, networks, "train");
    for (const term of terms) outputs[`terms/${term.name}`] = term.value(round);
    for (const { name, player, real, fake } of scheme.discriminators)
      if (trains.includes(player)) {
        outputs[`logits/${name}/real`] = real(round);
        outputs[`logits/${name}/fake`] = fake(round);
      }
    for (const player of trains) {
      const { owns } = scheme.players[player];
      const own = terms.filter((term) => term.trains.includes(player));
      if (own.length === 0)
        throw new GanEvalError("usage.scheme", `expected a term that trains the player ${player}, got none`, {
          hint: "Give the player a term whose weight is not 0, or leave the player out.",
        });
      const weights: Tensors = Object.assign({}, ...owns.map((name) => under(name, networks[name].weights)));
      const { loss, gradients } = weightsToGradients(weights, (current) => {
        const changed = owns.map((name) => [
          name,
          { weights: within(current, name), buffers: networks[name].buffers },
        ]);
        const inner = new TracedRound(
          scheme,
          inputs,
          { ...networks, ...Object.fromEntries(changed) },
          "train",
          round,
          owns,
        );
        return own
          .map((term) => weighted(term, term.value(inner), inputs))
          .reduce((sum, value) => tf.add(sum, value));
      });
      outputs[`${player}/loss`] = loss;
      for (const name of owns) {
        const found = within(gradients, name);
        if (Object.values(found).some((gradient) => gradient !== undefined)) reached?.networks.add(name);
        for (const [key, gradient] of Object.entries(found))
          outputs[`${name}/gradients/${key}`] = gradient ?? tf.zerosLike(networks[name].weights[key]);
      }
    }
    for (const place of round.reached.keys()) reached?.places.add(place);
    for (const [name, made] of Object.entries(round.made)) outputs[`pools/${name}/made`] = made;
    return { ...outputs, ...roundToBuffers(scheme, round, inputs, networks) };
  };

  return {
    planned,
    fn,
    signature: stepToSignature(scheme, planned),
    arrays: schemeToArrays(scheme),
  };
}

/** @throws GanEvalError `usage.scheme` for what is declared and no step of the plan reached */
export function refuseUnreached(scheme: Scheme, { places, networks }: Reached): void {
  const isLeftOut = (weight: Term["weight"]) => weight === 0;
  const silent = scheme.terms.filter(({ weight }) => isLeftOut(weight)).map(({ name }) => name);
  const hint = silent.length > 0 ? `Terms of weight 0 are left out: ${silent.join(", ")}.` : undefined;
  const refuse = (what: string, fix: string): never => {
    throw new GanEvalError("usage.scheme", what, { hint: hint ?? fix });
  };
  for (const name of Object.keys(scheme.networks))
    if (ownerOf(scheme, name) !== undefined && !networks.has(name))
      refuse(
        `expected every network that a player owns to be reached by a gradient, got ${name} without any`,
        "Add a term that depends on it and trains its player, or give it to nobody.",
      );
  if (silent.length === 0)
    for (const [place, { isForMakers }] of Object.entries(scheme.passes))
      if (!isForMakers && !places.has(place))
        refuse(
          `expected every declared pass to be used by a term, got ${place}, which no term uses`,
          "Use it in a term, or remove it.",
        );
}

/** A round while it is traced: networks applied at their places, each value once. */
import type { Tensors } from "../../engine/engine.ts";
import * as tf from "../../engine/tfjs.ts";
import { GanEvalError } from "../../errors.ts";
import type { Mode } from "../networks/layer-row.ts";
import { within } from "../networks/names.ts";
import type { AppliedNetwork } from "../networks/network.ts";
import type { PassGiven, Round, Scheme } from "./scheme.ts";

/** A pass that was applied: with which tensors, and what it gave. */
interface AppliedPass {
  readonly x: tf.Tensor;
  readonly given: PassGiven;
  readonly applied: AppliedNetwork;
}

/** Weights and buffers of networks, by name. */
export interface NetworkTensors {
  readonly weights: Tensors;
  readonly buffers: Tensors;
}

const sameSides = (a: Tensors = {}, b: Tensors = {}): boolean => {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
};

const isSame = (pass: AppliedPass, x: tf.Tensor, given: PassGiven): boolean =>
  pass.x === x && pass.given.labels === given.labels && sameSides(pass.given.sides, given.sides);

const unknown = (what: string, name: string, known: readonly string[]): GanEvalError =>
  new GanEvalError("usage.scheme", `expected a ${what} of the scheme, got ${name}`, {
    hint: `It has ${known.length === 0 ? "none" : known.join(", ")}.`,
  });

export class TracedRound implements Round {
  private readonly scheme: Scheme;
  private readonly inputs: Tensors;
  private readonly networks: Readonly<Record<string, NetworkTensors>>;
  private readonly mode: Mode;
  /** The round outside of a gradient, whose values are constants inside it. */
  private readonly outer: TracedRound | undefined;
  /** Networks whose weights this round has, in place of the outer's. */
  private readonly own: readonly string[];
  private readonly applied = new Map<string, AppliedPass[]>();
  private readonly shown = new Map<string, tf.Tensor>();

  /** The places that terms reached, in the order in which they did. */
  readonly reached = new Map<string, { readonly x: tf.Tensor; readonly given: PassGiven }>();
  /** What was given to pools. */
  readonly made: Tensors = {};

  constructor(
    scheme: Scheme,
    inputs: Tensors,
    networks: Readonly<Record<string, NetworkTensors>>,
    mode: Mode,
    outer?: TracedRound,
    own: readonly string[] = [],
  ) {
    this.scheme = scheme;
    this.inputs = inputs;
    this.networks = networks;
    this.mode = mode;
    this.outer = outer;
    this.own = own;
  }

  input(name: string): tf.Tensor {
    if (!Object.hasOwn(this.scheme.inputs, name))
      throw unknown("declared input", name, Object.keys(this.scheme.inputs));
    const value = (this.inputs as Partial<Tensors>)[name];
    if (value === undefined)
      throw new GanEvalError("usage.scheme", `expected an input that takes part in this step, got ${name}`, {
        hint: "Widen the input's `for`, or do not read it in a term of this player.",
      });
    return value;
  }

  pass(place: string, x: tf.Tensor, given: PassGiven = {}): AppliedNetwork {
    const known = this.find(place, x, given);
    if (known) return known;
    const applied = this.apply(place, x, given);
    this.applied.set(place, [...(this.applied.get(place) ?? []), { x, given, applied }]);
    if (!this.reached.has(place)) this.reached.set(place, { x, given });
    return applied;
  }

  probe(place: string, x: tf.Tensor, given: PassGiven = {}): AppliedNetwork {
    // Never one that is known: inside tf.grad the images are the same tensors, and must lead to the logits anew.
    return this.apply(place, x, given);
  }

  still<T extends tf.Tensor>(value: (round: Round) => T): T {
    return value(this.outer ?? this);
  }

  kept(pool: string, made: tf.Tensor): tf.Tensor {
    const { pools = {} } = this.scheme;
    if (!Object.hasOwn(pools, pool)) throw unknown("pool", pool, Object.keys(pools));
    if (this.outer) return this.outer.kept(pool, made);
    const known = this.shown.get(pool);
    if (known) return known;
    this.made[pool] = made;
    const { [`pools/${pool}/stored`]: stored, [`pools/${pool}/from`]: from } = this.inputs;
    const shown = tf.gather(tf.concat([stored, made]), from as tf.Tensor1D);
    this.shown.set(pool, shown);
    return shown;
  }

  weights(network: string): Tensors {
    return this.networkOf(network).weights;
  }

  private networkOf(name: string): NetworkTensors {
    const known = (this.networks as Partial<typeof this.networks>)[name];
    if (known === undefined) throw unknown("network", name, Object.keys(this.scheme.networks));
    return known;
  }

  /** A pass that was applied to the same tensors, here or, where its weights are the same, outside. */
  private find(place: string, x: tf.Tensor, given: PassGiven): AppliedNetwork | undefined {
    const here = this.applied.get(place)?.find((pass) => isSame(pass, x, given));
    if (here) return here.applied;
    const isOwn = this.own.includes(this.scheme.passes[place]?.network);
    return isOwn ? undefined : this.outer?.find(place, x, given);
  }

  private apply(place: string, x: tf.Tensor, { labels, sides }: PassGiven): AppliedNetwork {
    const { passes, networks } = this.scheme;
    if (!Object.hasOwn(passes, place)) throw unknown("declared pass", place, Object.keys(passes));
    const { network } = passes[place];
    const shape = x.shape.slice(1);
    if (`${shape}` !== `${networks[network].input}`)
      throw new GanEvalError(
        "usage.scheme",
        `expected [${networks[network].input}] at the pass ${place} of the network ${network}, got [${shape}]`,
      );
    const { weights, buffers } = this.networkOf(network);
    const noise = this.mode === "train" ? within(this.inputs, `noise/${place}`) : {};
    const given = { weights, buffers, noise, ...(labels && { labels }), ...(sides && { sides }) };
    return networks[network].apply(x, given, this.mode);
  }
}

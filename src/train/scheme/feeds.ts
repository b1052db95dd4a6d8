/** How what a step is given anew is made, run by run: the scheme's inputs, weights of terms, layers' noise, pools. */
import type { ArrayData } from "../../engine/engine.ts";
import { GanEvalError } from "../../errors.ts";
import { sizeOf } from "../networks/shapes.ts";
import type { RandomStream } from "../random.ts";
import { type InputSources, makeInput, streamOf } from "./inputs.ts";
import type { ReplayPool } from "./pool.ts";
import { type PlannedStep, type Scheme, weightAt } from "./scheme.ts";
import type { Step } from "./step.ts";

/** The stream of noise that layers draw. */
const NOISE_STREAM = "penalty";

/** What feeds are made from; it moves on with the training. */
export interface FeedSources {
  readonly scheme: Scheme;
  readonly streams: Readonly<Record<string, RandomStream>>;
  readonly pools: Readonly<Record<string, ReplayPool>>;
  readonly inputs: InputSources;
  /** Inputs of the last batch that a step which repeats it gets again. */
  readonly repeated: Map<string, ArrayData>;
}

export type Feed = (planned: PlannedStep) => ArrayData;

function inputToFeed(name: string, { scheme, streams, inputs, repeated }: FeedSources): Feed {
  const input = scheme.inputs[name];
  const stream = streamOf(name, input);
  // What is not drawn is handed a stream that it does not look at.
  const random = streams[stream ?? NOISE_STREAM];
  return ({ batch }) => {
    const before = input.repeats && batch === "same" ? repeated.get(name) : undefined;
    const made = before ?? makeInput(name, input, random, inputs);
    if (input.repeats) repeated.set(name, made);
    return made;
  };
}

/** By the first word of a name of a step's signature. */
const OTHERS: Readonly<
  Record<string, (rest: readonly string[], size: number, sources: FeedSources) => Feed>
> = {
  weights: (rest, _size, { scheme, inputs }) => {
    const name = rest.join("/");
    const term = scheme.terms.find((candidate) => candidate.name === name)!;
    return ({ weights = {} }) =>
      Float32Array.of(weightAt(weights[name] ?? term.weight ?? 1, inputs.progress()));
  },
  noise:
    (_rest, size, { streams }) =>
    () =>
      streams[NOISE_STREAM].uniform(new Float32Array(size)),
  // `stored` comes first in the signature and draws; `from` is the other half of the same draw.
  pools: (rest, _size, { scheme, pools }) => {
    const pool = pools[rest.slice(0, -1).join("/")];
    return rest.at(-1) === "stored" ? () => pool.draw(scheme.batchSize) : () => pool.from;
  },
};

/** The feeds of a step by the names of its signature, whose order is the order of drawing. */
export function stepToFeeds(
  { signature }: Step,
  sources: FeedSources,
): readonly (readonly [name: string, feed: Feed])[] {
  return Object.entries(signature).map(([name, { shape }]) => {
    if (Object.hasOwn(sources.scheme.inputs, name)) return [name, inputToFeed(name, sources)];
    const [what, ...rest] = name.split("/");
    const other = OTHERS[what];
    if (other === undefined)
      throw new GanEvalError("internal.round-input", `internal: unknown input ${name}`);
    return [name, other(rest, sizeOf(shape), sources)];
  });
}

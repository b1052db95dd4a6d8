/** Where a scheme's steps run and what they move lies: in this process, or in a device's memory. */
import type { ArrayData } from "../../engine/engine.ts";
import { type FeedSources, stepToFeeds } from "../scheme/feeds.ts";
import { readsField } from "../scheme/inputs.ts";
import { stepKey } from "../scheme/plan.ts";
import type { PlannedStep } from "../scheme/scheme.ts";
import { type Reached, refuseUnreached, type Step, schemeToStep } from "../scheme/step.ts";
import type { StepNorms } from "../updates/parameters.ts";

/** A step that is compiled, and how its inputs are made. */
export interface OpenStep<Compiled = unknown> {
  readonly step: Step;
  readonly compiled: Compiled;
  /** Whether an input is made of the data's batch. */
  readonly readsData: boolean;
  readonly feeds: ReturnType<typeof stepToFeeds>;
}

/** What a step gives besides gradients and buffers, by the names of its outputs. */
export interface Computed {
  readonly losses: Readonly<Record<string, number>>;
  /** The discriminators' logits; none where they were not asked for and lie elsewhere. */
  readonly logits: Readonly<Record<string, Float32Array>>;
  /** What pools are given, by pool. */
  readonly made: Readonly<Record<string, Float32Array>>;
}

/** One update of a player. */
export interface PlayerUpdate {
  /** From 1. */
  readonly step: number;
  readonly rate: number;
  readonly measure: boolean;
}

/** `networks` are weights, running statistics and averages: what samples are made with; `all` is what a checkpoint holds. */
export type Home = "networks" | "all";

export interface Steps {
  /** Whether inputs are row numbers of the data's bytes, where it has them. */
  readonly takesRows: boolean;
  /** Compiles all steps of the plan. @throws GanEvalError `usage.scheme` where the scheme's parts do not fit */
  openPlan(): Promise<void>;
  /** A compiled step; one that the plan does not have is compiled when it is first asked for. */
  open(planned: PlannedStep): Promise<OpenStep>;
  /** Runs a step. No weight moves. */
  compute(
    open: OpenStep,
    inputs: Readonly<Record<string, ArrayData>>,
    needsLogits: boolean,
  ): Promise<Computed>;
  /** Moves running statistics, and the players' weights, by the step that was run last. Norms by network, where measured. */
  apply(updates: ReadonlyMap<string, PlayerUpdate>): Promise<Record<string, StepNorms>>;
  /** Brings what lies elsewhere to the trained networks' arrays. */
  bringHome(what: Home): Promise<void>;
  /** Whether the trained networks' arrays are as they are where the steps run. */
  isHome(what: Home): boolean;
  /** The trained networks' arrays were changed here. */
  changed(): void;
  dispose(): Promise<void>;
}

/** The steps of a plan, each compiled once. */
export class CompiledSteps<Compiled extends { dispose(): Promise<void> }> {
  private readonly sources: FeedSources;
  private readonly compile: (step: Step) => Promise<Compiled>;
  private readonly opened = new Map<string, OpenStep<Compiled>>();

  constructor(sources: FeedSources, compile: (step: Step) => Promise<Compiled>) {
    this.sources = sources;
    this.compile = compile;
  }

  async openPlan(): Promise<void> {
    const { scheme } = this.sources;
    const reached: Reached = { places: new Set(), networks: new Set() };
    for (const { steps } of scheme.plan) for (const planned of steps) await this.open(planned, reached);
    refuseUnreached(scheme, reached);
  }

  async open(planned: PlannedStep, reached?: Reached): Promise<OpenStep<Compiled>> {
    const key = stepKey(planned);
    const known = this.opened.get(key);
    if (known) return known;
    const { scheme } = this.sources;
    const step = schemeToStep(scheme, planned, reached);
    const compiled = await this.compile(step);
    const readsData = Object.keys(step.signature).some(
      (name) => Object.hasOwn(scheme.inputs, name) && readsField(scheme.inputs[name]),
    );
    const made = { step, compiled, feeds: stepToFeeds(step, this.sources), readsData };
    this.opened.set(key, made);
    return made;
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.opened.values()].map(({ compiled }) => compiled.dispose()));
  }
}

/** The inputs of one run of a step, in the order of drawing. */
export const stepToInputs = ({ feeds }: OpenStep, planned: PlannedStep): Record<string, ArrayData> =>
  Object.fromEntries(feeds.map(([name, feed]) => [name, feed(planned)]));

/** `NAME` of `pools/NAME/made`; undefined for another output. */
export const outputToPool = (output: string): string | undefined =>
  output.startsWith("pools/") ? output.split("/").slice(1, -1).join("/") : undefined;

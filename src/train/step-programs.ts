/** The compiled steps of a scheme, and how their inputs are made. */
import type { Engine, Program } from "../engine/engine.ts";
import { type FeedSources, stepToFeeds } from "./scheme/feeds.ts";
import { readsField } from "./scheme/inputs.ts";
import { stepKey } from "./scheme/plan.ts";
import type { PlannedStep } from "./scheme/scheme.ts";
import { type Reached, refuseUnreached, type Step, schemeToStep } from "./scheme/step.ts";
import type { TrainedNetwork } from "./trained-network.ts";

export interface OpenStep {
  readonly step: Step;
  readonly program: Program;
  /** Whether an input is made of the data's batch. */
  readonly readsData: boolean;
  readonly feeds: ReturnType<typeof stepToFeeds>;
}

export class StepPrograms {
  private readonly engine: Engine;
  private readonly networks: Readonly<Record<string, TrainedNetwork>>;
  private readonly frozen: Readonly<Record<string, Float32Array>>;
  private readonly sources: FeedSources;
  private readonly opened = new Map<string, OpenStep>();

  constructor(
    engine: Engine,
    networks: Readonly<Record<string, TrainedNetwork>>,
    frozen: Readonly<Record<string, Float32Array>>,
    sources: FeedSources,
  ) {
    this.engine = engine;
    this.networks = networks;
    this.frozen = frozen;
    this.sources = sources;
  }

  /** Compiles all steps of the plan. @throws GanEvalError `usage.scheme` where the scheme's parts do not fit */
  async openPlan(): Promise<void> {
    const { scheme } = this.sources;
    const reached: Reached = { places: new Set(), networks: new Set() };
    for (const { steps } of scheme.plan) for (const planned of steps) await this.open(planned, reached);
    refuseUnreached(scheme, reached);
  }

  /** A compiled step; one that the plan does not have is compiled when it is first asked for. */
  async open(planned: PlannedStep, reached?: Reached): Promise<OpenStep> {
    const key = stepKey(planned);
    const known = this.opened.get(key);
    if (known) return known;
    const made = await this.compile(schemeToStep(this.sources.scheme, planned, reached));
    this.opened.set(key, made);
    return made;
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.opened.values()].map(({ program }) => program.dispose()));
  }

  private async compile(step: Step): Promise<OpenStep> {
    const trained = Object.entries(this.networks);
    const { players, inputs } = this.sources.scheme;
    const owned = step.planned.trains.flatMap((player) => players[player].owns);
    const program = await this.engine.compile(
      step.fn,
      { ...step.signature, ...step.arrays },
      {
        name: `${step.planned.trains.join(" and ")} step`,
        inPlace: {
          inputs: Object.assign({ ...this.frozen }, ...trained.map(([, network]) => network.inputs)),
          outputs: Object.assign(
            {},
            ...trained.map(([name, network]) => network.outputs(owned.includes(name))),
          ),
        },
      },
    );
    const readsData = Object.keys(step.signature).some(
      (name) => Object.hasOwn(inputs, name) && readsField(inputs[name]),
    );
    return { step, program, feeds: stepToFeeds(step, this.sources), readsData };
  }
}

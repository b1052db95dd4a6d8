/** Steps whose weights and gradients lie in this process: ONNX Runtime writes gradients, WebAssembly moves the weights. */
import type { ArrayData, Engine, Program } from "../../engine/engine.ts";
import type { FeedSources } from "../scheme/feeds.ts";
import type { PlannedStep, Scheme } from "../scheme/scheme.ts";
import type { Step } from "../scheme/step.ts";
import type { TrainedNetwork } from "../trained-network.ts";
import type { StepNorms } from "../updates/parameters.ts";
import {
  CompiledSteps,
  type Computed,
  type OpenStep,
  outputToPool,
  type PlayerUpdate,
  type Steps,
} from "./steps.ts";

export class HostSteps implements Steps {
  readonly takesRows = false;
  private readonly engine: Engine;
  private readonly scheme: () => Scheme;
  private readonly networks: Readonly<Record<string, TrainedNetwork>>;
  private readonly frozen: Readonly<Record<string, Float32Array>>;
  private readonly steps: CompiledSteps<Program>;

  /** @param scheme as it is now: its players' rules may change */
  constructor(
    engine: Engine,
    networks: Readonly<Record<string, TrainedNetwork>>,
    frozen: Readonly<Record<string, Float32Array>>,
    sources: FeedSources,
    scheme: () => Scheme,
  ) {
    this.engine = engine;
    this.scheme = scheme;
    this.networks = networks;
    this.frozen = frozen;
    this.steps = new CompiledSteps(sources, (step) => this.compile(step));
  }

  openPlan(): Promise<void> {
    return this.steps.openPlan();
  }

  open(planned: PlannedStep): Promise<OpenStep> {
    return this.steps.open(planned);
  }

  async compute(open: OpenStep, inputs: Readonly<Record<string, ArrayData>>): Promise<Computed> {
    const outputs = await (open as OpenStep<Program>).compiled.run(inputs);
    const losses: Record<string, number> = {};
    const logits: Record<string, Float32Array> = {};
    const made: Record<string, Float32Array> = {};
    for (const [name, { data }] of Object.entries(outputs)) {
      const pool = outputToPool(name);
      if (pool !== undefined) made[pool] = data as Float32Array;
      else if (name.startsWith("logits/")) logits[name] = data as Float32Array;
      else losses[name] = data[0];
    }
    return { losses, logits, made };
  }

  async apply(updates: ReadonlyMap<string, PlayerUpdate>): Promise<Record<string, StepNorms>> {
    for (const network of Object.values(this.networks)) network.takeBuffers();
    const norms: Record<string, StepNorms> = {};
    for (const [player, update] of updates) Object.assign(norms, this.move(player, update));
    return norms;
  }

  async bringHome(): Promise<void> {}

  isHome(): boolean {
    return true;
  }

  changed(): void {}

  dispose(): Promise<void> {
    return this.steps.dispose();
  }

  /** One update of a player: its networks together, by one count and one bound of the norm. */
  private move(player: string, update: PlayerUpdate): Record<string, StepNorms> {
    const { owns, gradientClip } = this.scheme().players[player];
    const networks = owns.map((name) => this.networks[name]);
    let gradientScale = 1;
    if (gradientClip !== undefined) {
      const norm = Math.sqrt(networks.reduce((sum, { gradientSquares }) => sum + gradientSquares, 0));
      if (norm > gradientClip) gradientScale = gradientClip / norm;
    }
    return Object.fromEntries(
      networks.flatMap((network) => {
        const norms = network.step({ ...update, gradientScale });
        return norms ? [[network.name, norms]] : [];
      }),
    );
  }

  private compile({ planned, fn, signature, arrays }: Step): Promise<Program> {
    const trained = Object.entries(this.networks);
    const { players } = this.scheme();
    const owned = planned.trains.flatMap((player) => players[player].owns);
    return this.engine.compile(
      fn,
      { ...signature, ...arrays },
      {
        name: `${planned.trains.join(" and ")} step`,
        inPlace: {
          inputs: Object.assign({ ...this.frozen }, ...trained.map(([, network]) => network.inputs)),
          outputs: Object.assign(
            {},
            ...trained.map(([name, network]) => network.outputs(owned.includes(name))),
          ),
        },
      },
    );
  }
}

/**
 * Steps whose weights, gradients, moments and averages live in a device's memory: inputs go up, losses come down, and
 * the rest is read where a round is recorded or saved.
 */
import type { ArrayData, DeviceArray, DeviceMemory, DeviceProgram } from "../../engine/engine.ts";
import { OPTIMIZER_DEFAULTS, OPTIMIZERS } from "../optimizers.ts";
import type { FeedSources } from "../scheme/feeds.ts";
import type { PlannedStep, Player, Scheme } from "../scheme/scheme.ts";
import { type Step, schemeToArrays } from "../scheme/step.ts";
import { averageDecay, type TrainedNetwork } from "../trained-network.ts";
import type { FieldData } from "../training-data.ts";
import type { StepNorms } from "../updates/parameters.ts";
import { DeviceData } from "./device-data.ts";
import { DevicePlayer } from "./device-player.ts";
import { flatName, type LogitsPlace, type OutputPlaces, stepToDeviceStep } from "./device-step.ts";
import {
  DEVICE_NUMBERS,
  type DeviceNumbers,
  NORM_ROWS,
  type UpdateRules,
  updateFunction,
  updateToCarried,
  updateToSignature,
} from "./device-update.ts";
import {
  CompiledSteps,
  type Computed,
  type Home,
  type OpenStep,
  outputToPool,
  type PlayerUpdate,
  type Steps,
} from "./steps.ts";

/** A step on the device, and where its outputs are found. */
interface OpenDeviceStep {
  readonly program: DeviceProgram;
  readonly places: OutputPlaces;
  dispose(): Promise<void>;
}

/** The rules of a player's updates. */
const playerToRules = (
  { optimizer, optimizerOptions, clipValue, gradientClip, emaDecay }: Player,
  measures: boolean,
): UpdateRules => ({
  ...{ optimizer, measures },
  isClipped: gradientClip !== undefined,
  isBounded: clipValue !== undefined,
  hasDecay: (optimizerOptions?.weightDecay ?? 0) !== 0,
  isAveraged: emaDecay !== undefined,
});

function playerToNumbers(player: Player, { step, rate }: PlayerUpdate): Float32Array {
  const { optimizer, optimizerOptions, clipValue, gradientClip, emaDecay } = player;
  const options = { ...OPTIMIZER_DEFAULTS, ...optimizerOptions };
  const kept = emaDecay === undefined ? 0 : averageDecay(emaDecay, step);
  const numbers: DeviceNumbers = {
    ...{ rate: 0, epsilon: 0, firstDecay: 0, secondDecay: 0 },
    ...OPTIMIZERS[optimizer].numbers(step, rate, options),
    bound: clipValue ?? 0,
    decay: options.weightDecay ?? 0,
    gradientClip: gradientClip ?? 0,
    averageDecay: kept,
    averageRest: 1 - kept,
  };
  return Float32Array.from(DEVICE_NUMBERS, (name) => numbers[name]);
}

export class DeviceSteps implements Steps {
  private readonly memory: DeviceMemory;
  private readonly scheme: () => Scheme;
  private readonly given: FieldData;
  private data: DeviceData | undefined;
  private readonly players: Readonly<Record<string, DevicePlayer>>;
  private readonly frozen: Readonly<Record<string, Float32Array>>;
  private readonly frozenThere: Record<string, DeviceArray> = {};
  private readonly steps: CompiledSteps<OpenDeviceStep>;
  private readonly updates = new Map<string, Promise<DeviceProgram>>();
  /** What the last step left: gradients and running statistics. */
  private left: Readonly<Record<string, DeviceArray>> = {};
  /** Whether the arrays here are newer than the device's. */
  private isNewerHere = true;
  /** What here is as it is there. */
  private readonly home = new Set<Home>(["networks", "all"]);

  /** @param scheme as it is now: its players' rules may change */
  constructor(
    memory: DeviceMemory,
    networks: Readonly<Record<string, TrainedNetwork>>,
    frozen: Readonly<Record<string, Float32Array>>,
    sources: FeedSources,
    scheme: () => Scheme,
    data: FieldData,
  ) {
    this.memory = memory;
    this.scheme = scheme;
    this.given = data;
    this.frozen = frozen;
    this.players = Object.fromEntries(
      Object.entries(scheme().players).map(([name, player]) => [
        name,
        new DevicePlayer(memory, networks, player),
      ]),
    );
    this.steps = new CompiledSteps(sources, (step) => this.compile(step));
  }

  get takesRows(): boolean {
    return this.data !== undefined;
  }

  async openPlan(): Promise<void> {
    this.data = await DeviceData.open(this.memory, this.given, this.scheme());
    await this.steps.openPlan();
  }

  open(planned: PlannedStep): Promise<OpenStep> {
    return this.steps.open(planned);
  }

  async compute(
    open: OpenStep,
    inputs: Readonly<Record<string, ArrayData>>,
    needsLogits: boolean,
  ): Promise<Computed> {
    await this.bringThere();
    const { program, places } = (open as OpenStep<OpenDeviceStep>).compiled;
    const kept: Record<string, DeviceArray> = { ...this.frozenThere, ...this.data?.arrays };
    for (const [name, { arrays }] of Object.entries(this.players))
      for (const what of ["weights", "buffers"] as const)
        if (arrays[what] !== undefined) kept[flatName(name, what)] = arrays[what];
    const { outputs, stays } = await program.run({ ...inputs, ...kept });
    const { logits: flat, ...left } = stays;
    this.forgetLeft();
    this.left = left;
    const values = outputs.losses.data;
    const made = Object.entries(outputs).flatMap(([name, { data }]) => {
      const pool = outputToPool(name);
      return pool === undefined ? [] : [[pool, data as Float32Array] as const];
    });
    return {
      losses: Object.fromEntries(places.losses.map((name, i) => [name, values[i]])),
      logits: flat === undefined ? {} : await this.takeLogits(flat, places.logits, needsLogits),
      made: Object.fromEntries(made),
    };
  }

  async apply(updates: ReadonlyMap<string, PlayerUpdate>): Promise<Record<string, StepNorms>> {
    const { left } = this;
    this.left = {};
    this.home.clear();
    for (const [name, player] of Object.entries(this.players)) {
      const buffers = left[flatName(name, "buffers")];
      if (buffers !== undefined) player.take("buffers", buffers);
    }
    const norms: Record<string, StepNorms> = {};
    for (const [name, update] of updates)
      Object.assign(norms, await this.move(name, update, left[flatName(name, "gradients")]));
    return norms;
  }

  async bringHome(what: Home): Promise<void> {
    const missing = (what === "all" ? (["networks", "all"] as const) : [what]).filter(
      (kind) => !this.home.has(kind),
    );
    if (missing.length === 0) return;
    for (const player of Object.values(this.players)) await player.bringHome(missing);
    for (const kind of missing) this.home.add(kind);
  }

  isHome(what: Home): boolean {
    return this.home.has("networks") && this.home.has(what);
  }

  changed(): void {
    this.forgetLeft();
    this.isNewerHere = true;
    this.home.add("networks").add("all");
  }

  async dispose(): Promise<void> {
    this.forgetLeft();
    for (const player of Object.values(this.players)) player.free();
    for (const array of Object.values(this.frozenThere)) array.free();
    this.data?.free();
    await this.steps.dispose();
    for (const update of this.updates.values()) await (await update).dispose();
  }

  private forgetLeft(): void {
    for (const array of Object.values(this.left)) array.free();
    this.left = {};
  }

  private async bringThere(): Promise<void> {
    if (!this.isNewerHere) return;
    for (const player of Object.values(this.players)) await player.put();
    const specs = this.frozenSpecs();
    for (const [name, data] of Object.entries(this.frozen))
      this.frozenThere[name] ??= await this.memory.put(data, specs[name]);
    this.isNewerHere = false;
  }

  private frozenSpecs(): Readonly<Record<string, { readonly shape: readonly number[] }>> {
    return Object.fromEntries(
      Object.entries(schemeToArrays(this.scheme())).filter(([name]) => Object.hasOwn(this.frozen, name)),
    );
  }

  private async takeLogits(
    flat: DeviceArray,
    places: readonly LogitsPlace[],
    isWanted: boolean,
  ): Promise<Computed["logits"]> {
    const values = isWanted ? ((await this.memory.read(flat)) as Float32Array) : undefined;
    flat.free();
    if (values === undefined) return {};
    return Object.fromEntries(
      places.map(({ name, offset, size }) => [name, values.subarray(offset, offset + size)]),
    );
  }

  /** One update of a player; norms by network, where it is measured. */
  private async move(
    name: string,
    update: PlayerUpdate,
    gradients: DeviceArray,
  ): Promise<Record<string, StepNorms>> {
    const rules = this.scheme().players[name];
    const player = this.players[name];
    const ofRules = playerToRules(rules, update.measure);
    const program = await this.update(name, ofRules);
    const carried = updateToCarried(ofRules, player.layouts);
    const readsBuffers = carried.includes("averageBuffers");
    const { outputs, stays } = await program.run({
      numbers: playerToNumbers(rules, update),
      gradients,
      ...(readsBuffers && { buffers: player.arrays.buffers }),
      ...Object.fromEntries(carried.map((what) => [what, player.arrays[what]])),
    });
    gradients.free();
    for (const what of carried) player.take(what, stays[what]);
    return update.measure ? this.sumsToNorms(player, outputs.norms.data as Float32Array) : {};
  }

  private sumsToNorms({ layouts }: DevicePlayer, sums: Float32Array): Record<string, StepNorms> {
    const { places } = layouts.weights;
    const networks = [...new Set(places.map(({ network }) => network))];
    return Object.fromEntries(
      networks.map((network) => {
        const own = places.flatMap((place, i) => (place.network === network ? [i] : []));
        const row = (which: (typeof NORM_ROWS)[number]): Float64Array =>
          Float64Array.from(own, (i) => sums[NORM_ROWS.indexOf(which) * places.length + i]);
        const norms = {
          gradients: row("gradients").map(Math.sqrt),
          weights: row("weights").map(Math.sqrt),
          steps: row("steps").map(Math.sqrt),
          zeros: row("zeros"),
        };
        return [network, norms];
      }),
    );
  }

  /** The program of an update, compiled when rules are first met. */
  private update(name: string, rules: UpdateRules): Promise<DeviceProgram> {
    const key = JSON.stringify([name, rules]);
    let program = this.updates.get(key);
    if (program === undefined) {
      const { layouts } = this.players[name];
      const stays = updateToCarried(rules, layouts);
      program = this.memory.compile(updateFunction(rules, layouts), updateToSignature(rules, layouts), {
        name: `${name} update`,
        stays,
      });
      this.updates.set(key, program);
    }
    return program;
  }

  private async compile(step: Step): Promise<OpenDeviceStep> {
    const { players, data } = this;
    const { fn, signature, stays, places } = stepToDeviceStep(step, {
      players,
      data,
      frozen: this.frozenSpecs(),
    });
    const name = `${step.planned.trains.join(" and ")} step`;
    const program = await this.memory.compile(fn, signature, { name, stays });
    return { program, places, dispose: () => program.dispose() };
  }
}

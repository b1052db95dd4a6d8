/** What a page is told of a pane: its facts, a frame of its plane, rows of its records. */
import { createHash } from "node:crypto";
import type { ArrayValue } from "../../engine/engine.ts";
import { modelToEquilibrium } from "../../plane/exact/equilibrium.ts";
import { generatorStepsOf, lossOf, samplesOf } from "../../train/gan-model.ts";
import { parameterCount } from "../../train/networks/network.ts";
import { frameToBytes } from "../protocol/frame-codec.ts";
import type { PlayerName } from "../protocol/plane-messages.ts";
import type { Drawn, OwnFacts, Rows, Wanted } from "./pane-messages.ts";
import type { Row } from "./row-log.ts";
import { optionsToSettings } from "./settings.ts";
import type { Subject } from "./subject.ts";

const NONE = new Float32Array(0);

const toBase64 = (array: Float32Array): string =>
  Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString("base64");

/** A corner with both coordinates, also on a line. */
const toCorner = (of: readonly number[], other: number): readonly [number, number] => [of[0], of[1] ?? other];

export function subjectToFacts({ options, config, model, data, plane, exact }: Subject): OwnFacts {
  const { bounds, real, heatSide, manifoldSide } = plane;
  const { generator, discriminator, latent, discriminatorSteps, sharedFakes, loss } = model;
  return {
    settings: optionsToSettings(options, config),
    low: toCorner(bounds.low, 0),
    high: toCorner(bounds.high, 1),
    dimensions: data.shape[0] as 1 | 2,
    real: toBase64(real),
    heatSide,
    manifoldSide,
    latent: { size: latent.noise, distribution: latent.distribution },
    isProbability: lossOf(model).isProbability,
    game: sharedFakes ? "together" : "in turn",
    discriminatorSteps,
    generatorSteps: generatorStepsOf(model),
    loss,
    targets: modelToEquilibrium(model),
    hasDensity: exact !== undefined,
    ...(exact && data.shape[0] === 1 && { masses: toBase64(Float32Array.from(exact.masses)) }),
    parameters: {
      generator: parameterCount(generator.network),
      discriminator: parameterCount(discriminator.network),
    },
  };
}

/** What decides how much a round draws. */
export function subjectToDrawn({ model, data, trainer }: Subject): Drawn {
  const { streams, data: position } = trainer.save().progress;
  const { latent, discriminatorSteps, sharedFakes } = model;
  return {
    latents: streams.latent,
    data: "stream" in position ? (position.stream as number) : 0,
    amounts: {
      data: data.label,
      "samples a step": samplesOf(model),
      "latent dimension": latent.noise,
      "latent distribution": latent.distribution,
      "discriminator steps": discriminatorSteps,
      "generator steps": generatorStepsOf(model),
      game: sharedFakes ? "together" : "in turn",
    },
  };
}

/** Milliseconds that a density may be old while rounds are played. */
const DENSITY_MS = 200;

/** Frames of a pane, as bytes: the plane at the weights as they are. */
export class FrameMaker {
  private last: { readonly of: Subject; readonly at: number; readonly shares: Float32Array } | undefined;

  async make(subject: Subject, { frame, layers, isHasty = false }: Wanted): Promise<Uint8Array<ArrayBuffer>> {
    const { model, plane, trainer, exact } = subject;
    const look = await plane.look();
    const shares = layers.length > 0 ? await this.toShares(subject, isHasty) : NONE;
    const optimum = layers.includes("optimum") ? exact?.optimum(model, shares) : undefined;
    return frameToBytes({
      ...frame!,
      round: trainer.rounds,
      ...look,
      density: layers.includes("density") ? shares : NONE,
      optimum: optimum ?? NONE,
    });
  }

  private async toShares(subject: Subject, isHasty: boolean): Promise<Float32Array> {
    const { last } = this;
    const at = performance.now();
    if (isHasty && last?.of === subject && at - last.at < DENSITY_MS) return last.shares;
    const shares = await subject.plane.density();
    this.last = { of: subject, at, shares };
    return shares;
  }
}

/** Six digits are what a chart can show. */
const toShort = (value: number): number => (Number.isFinite(value) ? Number(value.toPrecision(6)) : value);

export const rowsToMessage = (from: number, columns: readonly string[], rows: readonly Row[]): Rows => ({
  from,
  columns,
  rounds: rows.map(({ round }) => round),
  values: rows.map(({ values }) => Array.from(values, toShort)),
});

/** sha256 of the arrays of each player. */
export function stateToHashes(state: Readonly<Record<string, ArrayValue>>): Record<PlayerName, string> {
  const hashOf = (player: PlayerName): string => {
    const hash = createHash("sha256");
    for (const name of Object.keys(state).sort())
      if (name.startsWith(`${player}/`)) hash.update(name).update(state[name].data);
    return hash.digest("hex");
  };
  return { generator: hashOf("generator"), discriminator: hashOf("discriminator") };
}

/** What the discriminator thinks of images that it was not trained on, beside some that it was. */
import type { Engine } from "../../engine/engine.ts";
import { modelToProbe } from "../../train/discriminator-probe.ts";
import { type GanModel, lossOf, samplesOf } from "../../train/gan-model.ts";
import { labelsToOneHot } from "../../train/labels.ts";
import { under } from "../../train/networks/names.ts";
import { logitToScore, mean } from "../../train/round-record.ts";
import type { Trainer } from "../../train/trainer.ts";
import type { Batch } from "../../train/training-data.ts";

export interface DiscriminatorProbe {
  /** Shares judged real and mean scores: `held_out_accuracy`, `held_out_score`, `seen_accuracy`, `seen_score`. */
  measure(round: number): Promise<Record<string, number>>;
  dispose(): Promise<void>;
}

/** Samples of a fixed number that windows are cut from. */
export interface ProbeSamples {
  readonly heldOut: Batch;
  readonly seen: Batch;
}

/** `size` samples from a place that goes round with the rounds, so that all are looked at in turn. */
function batchToWindow({ samples, labels }: Batch, stride: number, size: number, turn: number): Batch {
  const count = samples.length / stride;
  const window = new Float32Array(size * stride);
  const classes = labels && new Int32Array(size);
  for (let i = 0; i < size; i++) {
    const from = (turn * size + i) % count;
    window.set(samples.subarray(from * stride, (from + 1) * stride), i * stride);
    if (classes && labels) classes[i] = labels[from];
  }
  return { samples: window, ...(classes && { labels: classes }) };
}

/** Compiles the discriminator of a trainer, evaluation mode, for windows of one batch. */
export async function openDiscriminatorProbe(
  engine: Engine,
  model: GanModel,
  trainer: Trainer,
  given: ProbeSamples,
): Promise<DiscriminatorProbe> {
  const { fn, signature, arrays } = modelToProbe(model);
  const own = under("discriminator", trainer.discriminator);
  const program = await engine.compile(
    fn,
    { ...signature, ...arrays },
    {
      name: "discriminator",
      inPlace: { inputs: Object.fromEntries(Object.entries(own).map(([name, { data }]) => [name, data])) },
    },
  );
  const size = samplesOf(model);
  const stride = signature.samples.shape.slice(1).reduce((product, side) => product * side, 1);
  const score = logitToScore(lossOf(model).isProbability);
  const classes = model.discriminator.network.classes;
  return {
    async measure(turn) {
      const scalars: Record<string, number> = {};
      for (const [name, batch] of [
        ["held_out", given.heldOut],
        ["seen", given.seen],
      ] as const) {
        const { samples, labels } = batchToWindow(batch, stride, size, turn);
        const { logits } = await program.run({
          samples,
          ...(classes !== undefined && { labels: labelsToOneHot(labels!, classes) }),
        });
        scalars[`${name}_accuracy`] = mean(logits.data, (logit) => (logit > 0 ? 1 : 0));
        scalars[`${name}_score`] = mean(logits.data, score);
      }
      return scalars;
    },
    dispose: () => program.dispose(),
  };
}

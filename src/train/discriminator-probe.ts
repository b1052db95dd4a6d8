/** The discriminator of a model alone, as it is for evaluation. */
import type { Tensors } from "../engine/engine.ts";
import { type GanModel, packingOf, sampleShapeOf, samplesOf } from "./gan-model.ts";
import { within } from "./networks/names.ts";
import { type Step, schemeToArrays } from "./scheme/step.ts";
import { modelToScheme, outputToJudged, packSamples } from "./schemes/gan.ts";

/** `samples` (and `labels`) to `logits`; packed samples to one logit. */
export function modelToProbe(model: GanModel): Pick<Step, "fn" | "signature" | "arrays"> {
  const labels = model.discriminator.network.classes;
  const signature = {
    samples: { shape: [samplesOf(model), ...sampleShapeOf(model)] },
    ...(labels !== undefined && { labels: { shape: [samplesOf(model), labels] } }),
  };
  const arrays = Object.fromEntries(
    Object.entries(schemeToArrays(modelToScheme(model))).filter(([name]) =>
      name.startsWith("discriminator/"),
    ),
  );
  const fn = (inputs: Tensors): Tensors => {
    const shown = packSamples(inputs.samples, packingOf(model));
    const weights = within(inputs, "discriminator/weights");
    const buffers = within(inputs, "discriminator/buffers");
    const given = { weights, buffers, labels: inputs.labels };
    const applied = model.discriminator.network.apply(shown, given, "evaluate");
    return { logits: outputToJudged(model, shown, applied).logits };
  };
  return { fn, signature, arrays };
}

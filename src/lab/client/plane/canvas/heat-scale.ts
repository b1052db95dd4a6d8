/** The scale of D's colours: probabilities, or outputs up to a reach that only grows. */
import { type HeatScale, logitsToMiddle, toRoundReach } from "../../../../plane/drawing/plane-drawing.js";
import type { Frame } from "../../../protocol/frame-codec.ts";
import type { PaneFacts } from "../../../protocol/plane-messages.ts";
import type { Scale } from "../state/wish.ts";

/** Logits beyond these have the full colour: 8 is D = 0.9997. */
const LOGIT_REACH = 8;

/** @param least the reach so far: a scale that jumps cannot be read */
export function frameToScale(
  { heat, realLogits, fakeLogits }: Frame,
  { isProbability, loss }: Pick<PaneFacts, "isProbability" | "loss">,
  scale: Scale,
  least: number,
): HeatScale {
  const middle = logitsToMiddle(loss, realLogits, fakeLogits);
  if (isProbability) return { isProbability: scale === "probability", middle, reach: LOGIT_REACH };
  const most = heat.reduce((sum, value) => Math.max(sum, Math.abs(value - middle)), 0);
  return { isProbability: false, middle, reach: Math.max(least, toRoundReach(most)) };
}

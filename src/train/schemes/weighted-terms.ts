/** Terms by their names in the options' weights: what those who make images minimise. */
import type * as tf from "../../engine/tfjs.ts";
import type { Round, Term } from "../scheme/scheme.ts";
import type { SchemeOptions } from "./scheme-request.ts";
import { adversarialLoss, type Judge, seesReal } from "./terms.ts";

type WeightedTerm = (name: string, value: Term["value"]) => Term;

/** Makes terms of these players, each with the weight of its name. */
export const weightedTerms =
  ({ weights }: Pick<SchemeOptions, "weights">, trains: readonly string[]): WeightedTerm =>
  (name, value) => ({ name, trains, weight: weights[name], value });

/** What those who make images owe a discriminator, of its logits of their own images. */
export const owedTo = (
  round: Round,
  { loss, real }: Pick<Judge, "loss" | "real">,
  own: tf.Tensor,
): tf.Scalar => adversarialLoss(loss, own, seesReal(loss) ? real(round) : undefined);

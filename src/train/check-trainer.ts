/** What a trainer refuses: data that its scheme cannot read, and checkpoints of other networks. */
import type { ArrayValue } from "../engine/engine.ts";
import { GanEvalError } from "../errors.ts";
import { readsField } from "./scheme/inputs.ts";
import type { Scheme } from "./scheme/scheme.ts";
import type { FieldData } from "./training-data.ts";

/** @throws GanEvalError `usage.*` where the data lack a field that the scheme reads, or have it of another shape */
export function checkFields({ inputs, batchSize }: Scheme, { fields, count }: FieldData): void {
  for (const [name, input] of Object.entries(inputs)) {
    if (!readsField(input)) continue;
    const { field, shape } = input;
    const given = fields[field];
    if (`${given}` !== `${shape}`)
      throw new GanEvalError(
        "usage.scheme",
        `expected data whose field ${field} has the shape [${shape}] for the input ${name}, got ${given === undefined ? `only ${Object.keys(fields).join(", ")}` : `[${given}]`}`,
      );
  }
  if (count !== undefined && batchSize > count)
    throw new GanEvalError(
      "usage.batch-size",
      `expected a batch of at most ${count} images, got ${batchSize}`,
      {
        hint: "Use a smaller --batch-size, or more images.",
      },
    );
}

/** @throws GanEvalError `input.checkpoint-game` for arrays of other names or shapes */
export function refuseOther(
  own: Readonly<Record<string, ArrayValue>>,
  other: Readonly<Record<string, ArrayValue>>,
): void {
  const describe = (value: ArrayValue | undefined) => (value ? `[${value.shape}]` : "nothing");
  for (const name of new Set([...Object.keys(own), ...Object.keys(other)])) {
    const [expected, got] = [describe(own[name]), describe(other[name])];
    if (expected === got) continue;
    throw new GanEvalError(
      "input.checkpoint-game",
      `expected a checkpoint of the same networks and optimizers, got ${got} for ${name} instead of ${expected}`,
      { hint: "Resume with the run's original options." },
    );
  }
}

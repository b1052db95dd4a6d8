/** A trainer goes on where another one is: of the same networks and optimizers, with other rules. */
import type { ArrayValue } from "../engine/engine.ts";
import { carriedFactors } from "./trained-network.ts";
import type { Trainer } from "./trainer.ts";

const AVERAGE = "/average/";

/**
 * Takes weights, moments, streams and counts of updates over. An average that was not kept before begins at the weights.
 * @throws GanEvalError `input.checkpoint-game` for other networks or optimizers
 */
export function takeOver(trainer: Trainer, from: Trainer): void {
  const { state, progress } = from.save();
  const names = Object.keys(trainer.toState());
  const taken: Record<string, ArrayValue> = Object.fromEntries(
    Object.entries(state).filter(([name]) => names.includes(name) || !name.includes(AVERAGE)),
  );
  for (const name of names)
    if (!Object.hasOwn(taken, name) && name.includes(AVERAGE))
      taken[name] = state[name.replace(AVERAGE, "/")];
  const { players } = trainer.scheme;
  for (const [name, player] of Object.entries(players))
    for (const [what, factor] of Object.entries(carriedFactors(from.scheme.players[name], player)))
      for (const network of player.owns) scale(taken, `${network}/${what}/`, factor);
  trainer.restore({ state: taken, progress });
  trainer.countOn(Object.fromEntries(Object.keys(players).map((name) => [name, from.updatesBefore(name)])));
}

function scale(state: Record<string, ArrayValue>, prefix: string, factor: number): void {
  for (const [name, { data, shape }] of Object.entries(state))
    if (name.startsWith(prefix))
      state[name] = { data: (data as Float32Array).map((value) => value * factor), shape };
}

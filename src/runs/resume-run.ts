/** Takes a run up where it is: its state, the options that it goes on with, its learning rates. */
import { instructionSet } from "../engine/instruction-set.ts";
import { MIXED_MACHINES } from "../engine/mixed-machines.ts";
import { GanEvalError } from "../errors.ts";
import { isasWith } from "../run-folder/computed-on.ts";
import { configDifferences, differencesToText } from "../run-folder/config-differences.ts";
import { runToConfig } from "../run-folder/read-config.ts";
import type { Run, RunChange } from "../run-folder/run.ts";
import { PLACES, type RunConfig } from "../run-folder/run-config.ts";
import { schemeToNetworks } from "./network-rows.ts";
import type { PreparedRun } from "./prepare-run.ts";
import { eventsToRateFactor, RATES_CHANGED } from "./roll-back.ts";
import { schemeToRows } from "./scheme-rows.ts";

/** Kinds of events that say how a run was gone on with: no warnings. */
export const RESUMED = "resumed";
export const OPTIONS_CHANGED = "options-changed";

const isPlace = (name: string): boolean => (PLACES as readonly string[]).includes(name);

/** What `run.json` has to say from `round` on; undefined where nothing is other than it was. */
function configToChange(
  run: Run,
  config: RunConfig,
  { scheme, data: { fields } }: PreparedRun,
  round: number,
): RunChange | undefined {
  const differences = configDifferences({ ...runToConfig(run.description, run.folder) }, { ...config });
  if (differences.length === 0) return undefined;
  const changed = differences.filter(({ name }) => !isPlace(name));
  const kind = changed.some(({ name }) => name === "rates") ? RATES_CHANGED : OPTIONS_CHANGED;
  return {
    config: { ...config },
    rounds: config.rounds,
    seed: config.seed,
    networks: schemeToNetworks(scheme),
    ...(fields && { scheme: schemeToRows(scheme, fields) }),
    events:
      changed.length > 0
        ? [{ round, kind, message: `from this round on ${differencesToText(changed)}` }]
        : [],
  };
}

/** On a processor of another instruction set last digits differ from here on. */
function machineToChange(run: Run, round: number | undefined): RunChange | undefined {
  const { versions } = run.description;
  const isa = instructionSet();
  // Nothing is left of the other machine.
  if (round === undefined) return { versions: { ...versions, isa }, events: [] };
  const isas = isasWith(versions.isa, isa);
  if (isas === undefined) return undefined;
  const message = `from this round on a processor with ${isa} instead of ${versions.isa}: last digits differ between them, so the bits are not those of one machine`;
  return { versions: { ...versions, isa: isas }, events: [{ round, kind: MIXED_MACHINES, message }] };
}

function joinChanges(changes: readonly (RunChange | undefined)[]): RunChange | undefined {
  const made = changes.filter((change) => change !== undefined);
  if (made.length === 0) return undefined;
  return { ...Object.assign({}, ...made), events: made.flatMap(({ events }) => events) };
}

function refuseOtherData(run: Run, { data }: PreparedRun): void {
  const { data: stored } = run.description;
  if (stored.hash !== undefined && stored.hash !== data.hash)
    throw new GanEvalError(
      "input.run-data",
      `expected the run's original data, ${stored.label}, got other content`,
      { hint: "Restore the data, or start a new run." },
    );
}

/**
 * Takes a run up where its newest whole checkpoint is, under `config`, which is kept in its folder; what was written after the
 * checkpoint is dropped.
 * @throws GanEvalError `input.run-data` where the data are others than it was begun with
 */
export async function resumeTo(run: Run, prepared: PreparedRun, config: RunConfig): Promise<void> {
  const { trainer } = prepared;
  refuseOtherData(run, prepared);
  const latest = await run.latestCheckpoint();
  if (latest) trainer.restore(latest.checkpoint);
  // Stopped before its first checkpoint it begins again.
  const round = latest && trainer.rounds;
  const changes = [configToChange(run, config, prepared, trainer.rounds), machineToChange(run, round)];
  await run.rewindTo(round, joinChanges(changes));
  trainer.rateFactor = eventsToRateFactor(run.description.events);
  if (latest) await run.event(trainer.rounds, RESUMED, `from round ${trainer.rounds}`);
}

/** A scheme as `run.json` describes it: players, discriminators, terms, makers. */
import type { RunScheme } from "../run-folder/description.ts";
import type { Shape } from "../train/networks/shapes.ts";
import { makerToImageFields, type Scheme, termsOf } from "../train/scheme/scheme.ts";
import { schemeToColumns } from "./scheme-preview.ts";

/** Terms that a record has a column for. */
function columnTerms(scheme: Scheme): RunScheme["terms"] {
  const traced = new Set(scheme.plan.flatMap(({ steps }) => steps.flatMap((step) => termsOf(scheme, step))));
  return scheme.terms
    .filter((term) => !term.isSilent && traced.has(term))
    .map(({ name, trains }) => ({ name, trains: [...trains] }));
}

/** @param fields shapes by field of the data */
export function schemeToRows(scheme: Scheme, fields: Readonly<Record<string, Shape>>): RunScheme {
  const { players, discriminators, makers } = scheme;
  return {
    players: Object.fromEntries(
      Object.entries(players).map(([name, { role, owns }]) => [name, { role, networks: [...owns] }]),
    ),
    discriminators: discriminators.map(({ name, player, isProbability }) => ({
      name,
      player,
      isProbability,
    })),
    terms: columnTerms(scheme),
    // Those that are evaluated.
    makers: makers
      .filter(({ target }) => target !== undefined)
      .map((maker) => {
        const [source] = makerToImageFields(scheme, maker);
        return { name: maker.name, label: maker.label, ...(source !== undefined && { source }) };
      }),
    columns: schemeToColumns(scheme, fields).map(({ label }) => label),
  };
}

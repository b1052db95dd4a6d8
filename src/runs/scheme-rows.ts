/** A scheme as `run.json` describes it: players, discriminators, terms, makers. */
import type { RunScheme } from "../run-folder/description.ts";
import { type Scheme, termsOf } from "../train/scheme/scheme.ts";
import { schemeToColumns } from "./scheme-preview.ts";

/** Terms that a record has a column for. */
function columnTerms(scheme: Scheme): RunScheme["terms"] {
  const traced = new Set(scheme.plan.flatMap(({ steps }) => steps.flatMap((step) => termsOf(scheme, step))));
  return scheme.terms
    .filter((term) => !term.isSilent && traced.has(term))
    .map(({ name, trains }) => ({ name, trains: [...trains] }));
}

/** @param fields shapes by field of the data */
export function schemeToRows(scheme: Scheme, fields: Readonly<Record<string, readonly number[]>>): RunScheme {
  const { players, discriminators, makers, inputs } = scheme;
  const isImage = (name: string): boolean => {
    const input = inputs[name];
    return input.kind === "field" && fields[input.field]?.length === 3;
  };
  const images = Object.keys(fields).filter((name) => fields[name].length === 3);
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
      .map(({ name, label, inputs: read }) => {
        const source = read.find(isImage);
        return { name, label, ...(source !== undefined && { source }) };
      }),
    columns: schemeToColumns(scheme, images).map(({ label }) => label),
  };
}

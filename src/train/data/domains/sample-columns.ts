/** What is known of samples besides their images, as columns of 0 and 1: attributes, and classes. */

import type { Warning } from "../../../errors.ts";
import { GanEvalError } from "../../../errors.ts";
import { classFoldersToWarnings } from "../../../images/sources/class-labels.ts";
import { partsToClasses } from "../classes.ts";
import { attributesOf, readAttributes } from "./attributes-file.ts";
import { findAttributes } from "./attributes-location.ts";
import type { Columns } from "./feed.ts";
import type { SampleSet } from "./sample-set.ts";
import type { DomainRequest } from "./scheme-data.ts";

/** Samples of one purpose: where they are in their set. */
export interface Chosen {
  readonly set: SampleSet;
  readonly positions: Int32Array;
}

export interface FoundColumns {
  readonly columns: readonly Columns[];
  readonly warnings: readonly Warning[];
}

const namesOf = ({ set, positions }: Chosen): string[] =>
  Array.from(positions, (position) => set.name(position, 0));

/** A column of one value teaches nothing. */
function columnsToWarnings({ names, train }: Columns, where: string): Warning[] {
  const constant = names.filter((_, k) => {
    for (let i = k; i < train.length; i += names.length) if (train[i] !== train[k]) return false;
    return true;
  });
  if (constant.length === 0) return [];
  return [
    {
      code: "constant-attributes",
      message: `every image has the same value of ${constant.join(", ")} in ${where}`,
      hint: "A model cannot learn to change what never changes: leave it out of --selected.",
    },
  ];
}

function classesToColumns(
  field: Columns["field"],
  train: Chosen,
  heldOut: Chosen,
  where: string,
): FoundColumns {
  const parts = [train, heldOut]
    .filter(({ positions }) => positions.length > 0)
    .map(({ set, positions }) => {
      const [source] = set.sources;
      return { source, positions, readPositions: positions, pixels: new Uint8Array(0) };
    });
  const classes = partsToClasses(parts);
  if (classes === undefined) {
    const [source] = train.set.sources;
    const why = source.unlabelled === undefined ? "" : `, since ${source.unlabelled}`;
    throw new GanEvalError(
      "input.no-classes",
      `expected ${field === "labels" ? "classes" : "attributes or classes"} of the images in ${where}, got none${why}`,
      {
        hint:
          field === "labels"
            ? "Give IDX or CIFAR files with labels, or a folder for each class."
            : "Give a file of attributes with --attributes, or a folder for each class.",
      },
    );
  }
  const { names, labels } = classes;
  const toRows = (of: Int32Array | undefined): Uint8Array => {
    const rows = new Uint8Array((of?.length ?? 0) * names.length);
    for (const [i, label] of (of ?? new Int32Array(0)).entries()) rows[i * names.length + label] = 1;
    return rows;
  };
  return {
    columns: [{ field, names, train: toRows(labels[0]), heldOut: toRows(labels[1]) }],
    warnings: classFoldersToWarnings({ ...train.set.sources[0], classNames: names }),
  };
}

/**
 * Attributes from their file, or from classes where there is none; classes as labels where they are asked for.
 * @throws GanEvalError `input.no-classes`, `input.attributes`, `input.unmatched-attributes`, `usage.selected`
 */
export async function samplesToColumns(
  request: DomainRequest,
  train: Chosen,
  heldOut: Chosen,
  where: string,
): Promise<FoundColumns> {
  if (request.wants !== "attributes")
    return request.labels === "read"
      ? classesToColumns("labels", train, heldOut, where)
      : { columns: [], warnings: [] };
  const location = await findAttributes(request.data, request.attributes);
  if (location === undefined) return classesToColumns("attributes", train, heldOut, where);
  const table = await readAttributes(location);
  const names = request.selected ?? table.names;
  const [trainRows, heldOutRows] = [train, heldOut].map((of) =>
    attributesOf(namesOf(of), table, names, location),
  );
  const columns: Columns = { field: "attributes", names, train: trainRows, heldOut: heldOutRows };
  return { columns: [columns], warnings: columnsToWarnings(columns, location) };
}

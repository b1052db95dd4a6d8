/** An installed network as a command's outcome. */

import type { NetworkInfo } from "../../../inception/import.ts";
import { bytesToText, countToText, countToWords } from "../../../reports/quantities.ts";
import { tableToText } from "../../../reports/table.ts";
import type { Outcome } from "../../command.ts";
import { tableToOutcome } from "../../outcomes.ts";

/** An installed network, for the three `inception` commands. */
export function networkToOutcome(info: NetworkInfo, hints: readonly string[]): Outcome {
  const { folder, manifest } = info;
  const { source } = manifest;
  const table = {
    columns: [
      { key: "name", title: "" },
      { key: "value", title: "" },
    ],
    rows: [
      { name: "network", value: manifest.id },
      { name: "folder", value: folder },
      {
        name: "made from",
        value: `${source.name} (${source.kind}, ${source.official ? "an official file" : "not an official file"})`,
      },
      { name: "sha256", value: `${manifest.weightsHash} (of the weights)` },
      { name: "size", value: bytesToText(manifest.files.reduce((sum, file) => sum + file.bytes, 0)) },
      {
        name: "ends",
        value: Object.entries(manifest.ends)
          .map(([end, { width }]) => (end === String(width) ? end : `${end} (${countToText(width)})`))
          .join(", "),
      },
      ...(manifest.gapFilled === undefined
        ? []
        : [
            {
              name: "gaps",
              value: `${countToWords(manifest.gapFilled.tensors.length, "tensor")} filled at random from seed ${manifest.gapFilled.seed}: for tests only`,
            },
          ]),
    ],
  };
  return {
    ...tableToOutcome({ installed: true, folder, ...manifest }, table, (page) =>
      tableToText(table, page).trimStart(),
    ),
    hints,
  };
}

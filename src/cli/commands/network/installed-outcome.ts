/** Installed networks as a command's outcome. */
import type { InstalledFacts } from "../../../networks/named-network.ts";
import { bytesToText } from "../../../reports/quantities.ts";
import type { Table } from "../../../reports/table.ts";
import type { Outcome } from "../../command.ts";
import { tableToOutcome } from "../../outcomes.ts";

const installedToTable = (installed: readonly InstalledFacts[]): Table => ({
  columns: [
    { key: "name", title: "network" },
    { key: "size", title: "size", align: "right" },
    { key: "from", title: "from" },
    { key: "sha256", title: "sha256" },
    { key: "folder", title: "folder" },
  ],
  rows: installed.map(({ id, bytes, from, sha256, folder }) => ({
    ...{ name: id, size: bytesToText(bytes), from, sha256, folder },
  })),
});

/** What was installed just now; a use of it that is not by its name is said. */
export const installedToOutcome = (installed: readonly InstalledFacts[]): Outcome => ({
  ...tableToOutcome(
    { schema: "gan-eval/installed-networks/1", networks: installed },
    installedToTable(installed),
  ),
  hints: installed
    .filter(({ official }) => !official)
    .map(({ id, folder }) => `${id} is used only if it is named: --weights with a file of ${folder}`),
});

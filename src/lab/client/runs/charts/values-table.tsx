/** Some rows of a chart's window, for those who do not see it. */

import { useState } from "preact/hooks";
import type { LiveChart } from "../../../protocol/charts.ts";
import { PlainTable } from "../parts/scroll.tsx";

export function ValuesTable({ chart: { title, table } }: { readonly chart: LiveChart }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}>
      <summary>Values</summary>
      {isOpen && <PlainTable label={`values of ${title}`} heads={table.heads} rows={table.rows} />}
    </details>
  );
}

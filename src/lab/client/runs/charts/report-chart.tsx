/** A chart of the reports, as data, in the page. */

import { useMemo } from "preact/hooks";
import type { Chart } from "../../../../reports/charts/chart.ts";
import { chartToConfiguration } from "../../../../reports/charts/chart-runtime.js";
import { PlainTable } from "../parts/scroll.tsx";
import { usePalette } from "./chart-library.ts";
import { Drawing } from "./drawing.tsx";

export function ReportChart({ chart }: { readonly chart: Chart }) {
  const palette = usePalette();
  const configuration = useMemo(
    () =>
      chartToConfiguration(chart.config, palette, {
        responsive: true,
        fontFamily: getComputedStyle(document.body).fontFamily,
      }),
    [chart, palette],
  );
  const id = `chart-${chart.id}`;
  const { columns, rows } = chart.table;
  return (
    <figure class="chart" data-chart={chart.id}>
      <h3 id={id}>{chart.title}</h3>
      <Drawing
        configuration={configuration}
        kind={palette.ground + JSON.stringify(chart.config.bands ?? "")}
        titleId={id}
        captionId={`${id}-caption`}
      />
      <p class="caption" id={`${id}-caption`}>
        {chart.caption}
      </p>
      <details>
        <summary>Values</summary>
        <PlainTable
          label={`values of ${chart.title}`}
          heads={columns.map(({ title }) => title)}
          rows={rows.map((row) => columns.map(({ key }) => String(row[key] ?? "")))}
        />
      </details>
    </figure>
  );
}

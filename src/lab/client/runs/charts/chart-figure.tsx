/** One chart of a run that grows. */
import { useMemo, useRef, useState } from "preact/hooks";
import type { ChartView, LiveChart, LiveCharts, LiveValues } from "../../../protocol/charts.ts";
import { clockToText, countToText, secondsToText } from "../parts/values.ts";
import { type DrawnChart, usePalette } from "./chart-library.ts";
import { Drawing } from "./drawing.tsx";
import { LineKeys, valuesToText } from "./line-keys.tsx";
import { lineToPlaces, liveToConfiguration } from "./live-chart-config.ts";
import { PointerArea, type PointerAreaProps } from "./pointer-area.tsx";
import { ValuesTable } from "./values-table.tsx";

export interface ChartFigureProps extends Pick<PointerAreaProps, "onPoint" | "onChoose" | "onZoom"> {
  readonly chart: LiveChart;
  readonly info: Omit<LiveCharts, "changed" | "ids">;
  /** What is shown, which the lab may not have answered yet. */
  readonly window: readonly [from: number, to: number];
  readonly values: LiveValues | undefined;
  readonly isTurned: boolean;
  readonly onTurn: () => void;
  readonly isPinned: boolean;
  readonly onPin: () => void;
  readonly labelsLines?: boolean;
}

const countOf = (count: number, one: string, many = `${one}s`): string =>
  `${countToText(count)} ${count === 1 ? one : many}`;

/** What the marks at the edges stand for. */
function toMarks({ lines, outside, notPositive }: LiveChart, isLog: boolean): string {
  const gaps = lines.reduce((sum, { gapCount }) => sum + gapCount, 0);
  return [
    ...(gaps > 0 ? [`${countOf(gaps, "value is", "values are")} no number: × at the bottom.`] : []),
    ...(outside.above > 0
      ? [`${countOf(outside.above, "value lies", "values lie")} above: ▲ at the top.`]
      : []),
    ...(outside.below > 0
      ? [`${countOf(outside.below, "value lies", "values lie")} below: ▼ at the bottom.`]
      : []),
    ...(isLog && notPositive > 0
      ? [
          `${countOf(notPositive, "value is", "values are")} not above 0, which a log axis cannot show: ▼ at the bottom.`,
        ]
      : []),
  ].join(" ");
}

export function atToText({ round, at }: LiveValues, along: ChartView["along"]): string {
  const text = `round ${countToText(round)}`;
  if (along === "seconds") return `${text}, after ${secondsToText(at)}`;
  return along === "clock" ? `${text}, ${clockToText(at, 86_400_000)}` : text;
}

export function ChartFigure(props: ChartFigureProps) {
  const { chart, info, window, values, isTurned, isPinned, labelsLines = false } = props;
  const palette = usePalette();
  const drawn = useRef<DrawnChart | undefined>(undefined);
  const [hidden, setHidden] = useState<ReadonlySet<number>>(new Set());
  const own = chart.y.type ?? "linear";
  const yType = (own === "logarithmic") !== isTurned ? "logarithmic" : "linear";
  const isWide = innerWidth > 560;
  const configuration = useMemo(
    () =>
      liveToConfiguration({
        ...{ chart, palette, window, yType },
        along: info.along,
        leavesOutPauses: info.leavesOutPauses,
        labelsLines: labelsLines && isWide,
        fontFamily: getComputedStyle(document.body).fontFamily,
      }),
    [chart, palette, window[0], window[1], yType, info.along, info.leavesOutPauses],
  );
  const places = useMemo(
    () => new Set([...hidden].flatMap((line) => (chart.lines[line] ? lineToPlaces(chart, line) : []))),
    [hidden, chart],
  );
  const id = `chart-${chart.id}`;
  const under = values?.charts[chart.id];
  const marks = toMarks(chart, yType === "logarithmic");
  const turn = (line: number): void => {
    const next = new Set(hidden);
    if (!next.delete(line)) next.add(line);
    setHidden(next);
  };
  return (
    <figure class="chart" data-chart={chart.id}>
      <header>
        <h3 id={id}>{chart.title}</h3>
        <span class="buttons">
          <button
            type="button"
            aria-pressed={isPinned}
            aria-label={`pin ${chart.title}`}
            onClick={props.onPin}
          >
            pin
          </button>
          <button
            type="button"
            aria-pressed={yType === "logarithmic"}
            aria-label={`log scale of ${chart.title}`}
            onClick={props.onTurn}
          >
            log
          </button>
        </span>
      </header>
      <LineKeys chart={chart} palette={palette} values={under} hidden={hidden} onTurn={turn} />
      <Drawing
        configuration={configuration}
        kind={`${yType} ${palette.ground}`}
        titleId={id}
        captionId={`${id}-caption`}
        hidden={places}
        chart={drawn}
      >
        <PointerArea
          chart={drawn}
          at={values?.at}
          window={window}
          extent={info.extent}
          label={`place on the x axis of ${chart.title}`}
          text={values ? `${atToText(values, info.along)}: ${valuesToText(chart, under)}` : "no place"}
          onPoint={props.onPoint}
          onChoose={props.onChoose}
          onZoom={props.onZoom}
        />
      </Drawing>
      {marks !== "" && <p class="caption marks">{marks}</p>}
      <p class="caption" id={`${id}-caption`}>
        {chart.caption}
      </p>
      <ValuesTable chart={chart} />
    </figure>
  );
}

/** The keys of a chart: each line as it is drawn, its value under the pointer, and a switch. */
import { nameToColour, numberToText } from "../../../../reports/charts/chart-runtime.js";
import type { Palette } from "../../../../reports/charts/palette.ts";
import type { LiveChart, LiveValues } from "../../../protocol/charts.ts";

type Values = LiveValues["charts"][string];

function Swatch({ colour, dash }: { readonly colour: string; readonly dash?: readonly number[] }) {
  return (
    <svg class="line-swatch" width="26" height="10" viewBox="0 0 26 10" aria-hidden="true">
      <line
        x1="1"
        y1="5"
        x2="25"
        y2="5"
        stroke={colour}
        stroke-width="2.5"
        stroke-dasharray={dash?.join(" ")}
      />
    </svg>
  );
}

const valueToText = ({ value, smoothed }: Values[number]): string => {
  const own = value === null ? "no number" : numberToText(value);
  return smoothed === undefined
    ? own
    : `${smoothed === null ? "no number" : numberToText(smoothed)} (${own})`;
};

/** `generator 0.71, discriminator 1.3` */
export const valuesToText = ({ lines }: LiveChart, values: Values | undefined): string =>
  lines.flatMap(({ label }, i) => (values?.[i] ? [`${label} ${valueToText(values[i])}`] : [])).join(", ");

export function LineKeys({
  chart,
  palette,
  values,
  hidden,
  onTurn,
}: {
  readonly chart: LiveChart;
  readonly palette: Palette;
  readonly values: Values | undefined;
  /** Places of lines that are switched off. */
  readonly hidden: ReadonlySet<number>;
  readonly onTurn: (line: number) => void;
}) {
  return (
    <ul class="keys">
      {chart.lines.map(({ label, colour, dash }, i) => (
        <li key={label}>
          <button type="button" class="key" aria-pressed={!hidden.has(i)} onClick={() => onTurn(i)}>
            <Swatch colour={nameToColour(colour, palette)} dash={dash} />
            <span>{label}</span>
          </button>
          {values?.[i] && <span class="value"> {valueToText(values[i])}</span>}
        </li>
      ))}
      {chart.levels.map(({ label, value }) => (
        <li key={label} class="level">
          <Swatch colour={palette.muted} dash={[2, 3]} />
          <span>
            {label} {numberToText(value)}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** What the page of runs shows, as its address says: `#run=ID&smooth=50&x=seconds&zoom=100,900&log=losses&pin=jsd`. */
import type { ChartView } from "../../protocol/charts.ts";
import { MOST_COMPARED } from "../../protocol/runs-messages.ts";

export type Part =
  | { readonly kind: "table" }
  | { readonly kind: "run"; readonly id: string }
  | { readonly kind: "sweep"; readonly id: string }
  | { readonly kind: "compare"; readonly ids: readonly string[] }
  | { readonly kind: "gate"; readonly id?: string };

/** What the reader chose of the charts. */
export interface ChartSettings extends ChartView {
  /** Charts whose y axis was turned to the other kind. */
  readonly log: readonly string[];
  /** Charts that stand first. */
  readonly pinned: readonly string[];
}

const ID = /^[0-9a-f]{16}$/;
const CHART_ID = /^[\w-]{1,200}$/;

const toPairs = (hash: string): Map<string, string> =>
  new Map(
    hash
      .slice(1)
      .split("&")
      .map((pair): [string, string] => {
        const at = pair.indexOf("=");
        return at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
      }),
  );

export function hashToPart(hash: string): Part {
  const pairs = toPairs(hash);
  const [run, sweep, compare, gate] = ["run", "sweep", "compare", "gate"].map((name) => pairs.get(name));
  if (run !== undefined && ID.test(run)) return { kind: "run", id: run };
  if (sweep !== undefined && ID.test(sweep)) return { kind: "sweep", id: sweep };
  if (gate !== undefined) return { kind: "gate", ...(ID.test(gate) && { id: gate }) };
  const ids = [...new Set((compare ?? "").split(","))].filter((id) => ID.test(id)).slice(0, MOST_COMPARED);
  return ids.length > 0 ? { kind: "compare", ids } : { kind: "table" };
}

const toList = (text = ""): string[] => text.split(",").filter((id) => CHART_ID.test(id));

function textToWindow(text = ""): readonly [number, number] | undefined {
  const [from, to] = text.split(",").map(Number);
  return text !== "" && Number.isFinite(from) && Number.isFinite(to) && from < to ? [from, to] : undefined;
}

/** What is not understood is as usual. */
export function hashToSettings(hash: string): ChartSettings {
  const pairs = toPairs(hash);
  const smooth = Number(pairs.get("smooth") ?? 0);
  const x = pairs.get("x");
  const window = textToWindow(pairs.get("zoom"));
  return {
    smooth: Number.isFinite(smooth) && smooth > 0 ? Math.min(smooth, 1e9) : 0,
    along: x === "seconds" || x === "clock" ? x : "round",
    ...(window && { window }),
    clip: pairs.get("clip") === "1",
    log: toList(pairs.get("log")),
    pinned: toList(pairs.get("pin")),
  };
}

/** Enough for every screen. */
const toDigits = (value: number): string => String(Number(value.toPrecision(12)));

export function settingsToHash(hash: string, settings: ChartSettings): string {
  const { smooth, along, window, clip, log, pinned } = settings;
  const pairs = [
    hash.slice(1).split("&")[0],
    ...(smooth > 0 ? [`smooth=${toDigits(smooth)}`] : []),
    ...(along === "round" ? [] : [`x=${along}`]),
    ...(window ? [`zoom=${window.map(toDigits).join(",")}`] : []),
    ...(clip ? ["clip=1"] : []),
    ...(log.length > 0 ? [`log=${log.join(",")}`] : []),
    ...(pinned.length > 0 ? [`pin=${pinned.join(",")}`] : []),
  ];
  return `#${pairs.join("&")}`;
}

export const settingsToView = ({ smooth, along, window, clip }: ChartSettings): ChartView => ({
  ...{ smooth, along, clip },
  ...(window && { window }),
});

/** The charts of the plane's page as data: losses, D's outputs, divergences, gradient norms. */
import { columnToPoints, type Point } from "../../../../drawing/thin-points.ts";
import type { ChartConfig, Dataset } from "../../../../reports/charts/chart.ts";
import { numberToText } from "../../../../reports/charts/chart-runtime.js";
import type { TargetLine } from "../../../protocol/plane-messages.ts";
import type { Pane } from "../state/lab-state.ts";
import type { Rows } from "../state/rows.ts";
import type { Scale } from "../state/wish.ts";

/** Twice as many points at most, of each line. */
const BINS = 195;

export interface PlaneChart {
  readonly id: "losses" | "scores" | "divergences" | "gradients";
  readonly title: string;
  readonly caption: string;
  /** Nothing to draw yet. */
  readonly isEmpty: boolean;
  readonly config: ChartConfig;
}

interface Series {
  readonly column: string;
  readonly label: string;
  readonly colour: string;
  readonly dash?: readonly number[];
}

interface Plan {
  readonly title: string;
  readonly series: readonly Series[];
  readonly from: "rows" | "readings";
  readonly targets: readonly TargetLine["of"][];
  readonly y: { readonly title: string; readonly type?: "logarithmic" };
  readonly empty: string;
}

const PLANS: Readonly<Record<PlaneChart["id"], Plan>> = {
  losses: {
    title: "Losses",
    from: "rows",
    series: [
      { column: "generator_loss", label: "G", colour: "$generated" },
      { column: "discriminator_loss", label: "D", colour: "$series0", dash: [6, 4] },
    ],
    targets: ["discriminator_loss", "generator_loss"],
    y: { title: "loss" },
    empty: "Play, and what each player minimizes is drawn here.",
  },
  scores: {
    title: "D(x) and D(G(z))",
    from: "rows",
    series: [
      { column: "real_score", label: "real, D(x)", colour: "$real" },
      { column: "fake_score", label: "generated, D(G(z))", colour: "$generated" },
    ],
    targets: ["real", "fake"],
    y: { title: "output of D" },
    empty: "Play, and what D makes of both sides is drawn here.",
  },
  divergences: {
    title: "Divergences",
    from: "readings",
    series: [
      { column: "js", label: "JSD", colour: "$series2" },
      { column: "jsd", label: "JSD", colour: "$series2" },
      { column: "kl", label: "KL(q || p)", colour: "$series3", dash: [6, 4] },
    ],
    targets: [],
    y: { title: "nats", type: "logarithmic" },
    empty: "Play, and how far the generated distribution is from the data's is drawn here.",
  },
  gradients: {
    title: "Gradient norms",
    from: "rows",
    series: [
      { column: "generator_gradient_norm", label: "G", colour: "$generated" },
      { column: "discriminator_gradient_norm", label: "D", colour: "$series0", dash: [6, 4] },
    ],
    targets: [],
    y: { title: "norm", type: "logarithmic" },
    empty: "Play, and how strongly each player's weights are pushed is drawn here.",
  },
};

const lastRound = ({ rounds }: Rows): number => rounds[rounds.length - 1] ?? 0;

const toPoints = ({ rounds, columns }: Rows, column: string): Point[] =>
  columnToPoints(rounds, columns.get(column) ?? [], BINS);

/** A second pane's lines are dotted, under their own names. */
const seriesToDataset = (
  { label, column, colour, dash }: Series,
  rows: Rows,
  at: number,
  of: number,
): Dataset => ({
  label: of === 1 ? label : `${label}, ${at === 0 ? "left" : "right"}`,
  data: toPoints(rows, column),
  borderColor: at === 0 ? colour : `${colour}/0.75`,
  backgroundColor: colour,
  ...(at > 0 ? { borderDash: [2, 3] } : dash && { borderDash: dash }),
});

const levelToDataset = (label: string, value: number, last: number): Dataset => ({
  label,
  isEdge: true,
  data: [
    [0, value],
    [last, value],
  ],
  borderColor: "$muted",
  backgroundColor: "$muted",
  borderDash: [1, 4],
  borderWidth: 1.5,
  pointHoverRadius: 0,
});

const NAMES: Readonly<Record<TargetLine["of"], string>> = {
  discriminator_loss: "D",
  generator_loss: "G",
  real: "D(x)",
  fake: "D(G(z))",
};

/** Where the dotted lines are, and why: each reason once. */
function targetsToCaption(targets: readonly TargetLine[]): string {
  const reasons = [...new Set(targets.map(({ because }) => because))];
  const parts = reasons.map((reason) => {
    const own = targets.filter(({ because }) => because === reason);
    return `${own.map(({ of, value }) => `${NAMES[of]} ${numberToText(value)}`).join(", ")}, because ${reason}`;
  });
  return parts.length === 0 ? "" : `Dotted, the equilibrium: ${parts.join("; ")}.`;
}

/** Of targets that lie on one line only the first. */
function panesToTargets(panes: readonly Pane[], of: Plan["targets"]): TargetLine[] {
  const found = panes.flatMap(({ facts }) => facts.targets).filter((target) => of.includes(target.of));
  return found.filter(
    (target, i) => found.findIndex((other) => other.value === target.value && other.of === target.of) === i,
  );
}

/** Floors that belong to the lines of the chart. */
const panesToFloors = (panes: readonly Pane[], series: readonly Series[]) => {
  const readings = panes[0]?.judged?.readings ?? {};
  return series.flatMap(({ column, label }) => {
    const floor = readings[column]?.floor;
    return floor === undefined ? [] : [{ label, value: floor }];
  });
};

const floorsToCaption = (floors: readonly { readonly label: string; readonly value: number }[]): string =>
  floors.length === 0
    ? ""
    : `Dotted, what a perfect generator reads: ${floors.map(({ label, value }) => `${label} ${numberToText(value)}`).join(", ")}.`;

function planToChart(id: PlaneChart["id"], plan: Plan, panes: readonly Pane[]): PlaneChart {
  const sides = panes.map((pane) => pane[plan.from]);
  const series = plan.series.filter(({ column }) => sides.some(({ columns }) => columns.has(column)));
  const last = Math.max(1, ...sides.map(lastRound));
  const targets = panesToTargets(panes, plan.targets);
  const floors = panesToFloors(panes, series);
  const levels = [...targets.map(({ of, value }) => ({ label: NAMES[of], value })), ...floors];
  const isProbability = plan === PLANS.scores && panes.every(({ facts }) => facts.isProbability);
  return {
    id,
    title: plan.title,
    caption:
      series.length === 0
        ? plan.empty
        : [targetsToCaption(targets), floorsToCaption(floors)].join(" ").trim(),
    isEmpty: series.length === 0,
    config: {
      type: "line",
      datasets: [
        ...series.flatMap((each) => sides.map((rows, at) => seriesToDataset(each, rows, at, sides.length))),
        ...(series.length === 0 ? [] : levels.map(({ label, value }) => levelToDataset(label, value, last))),
      ],
      x: { title: "", format: "count", min: 0, max: last },
      y: {
        format: "number",
        ...plan.y,
        ...(series.length === 0 && { type: "linear", min: 0, max: 1 }),
        ...(isProbability && { title: "probability", min: 0, max: 1 }),
      },
    },
  };
}

/** In place of probabilities, where the page shows logits: what is squeezed at 0 and 1 can be seen. */
const LOGITS: Plan = {
  ...PLANS.scores,
  title: "Logits of x and of G(z)",
  series: [
    { column: "real_logit", label: "real", colour: "$real" },
    { column: "fake_logit", label: "generated", colour: "$generated" },
  ],
  targets: [],
  y: { title: "mean logit" },
};

export const panesToCharts = (panes: readonly Pane[], scale: Scale): PlaneChart[] =>
  (Object.keys(PLANS) as PlaneChart["id"][]).map((id) =>
    planToChart(id, id === "scores" && scale === "logit" ? LOGITS : PLANS[id], panes),
  );

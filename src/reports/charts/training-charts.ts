/** What a run recorded of the game: losses, the discriminator's opinion, gradients, the divergence. */
import type { LayerTable, Table } from "../../run-folder/read-table.ts";
import type { Chart } from "./chart.ts";
import { type Line, linesToChart, tableToLine } from "./rounds-chart.ts";

const isThere = <T>(value: T | undefined): value is T => value !== undefined;

const DASHED = [6, 4];

export const lossesToChart = (losses: Table): Chart | undefined =>
  linesToChart({
    id: "losses",
    title: "Losses",
    caption:
      "The loss that each network minimizes. Stable losses do not prove good samples, and unstable ones do not rule them out.",
    y: { title: "loss", format: "number" },
    lines: [
      tableToLine(losses, "generator_loss", { label: "generator", colour: "$generated" }),
      tableToLine(losses, "discriminator_loss", { label: "discriminator", colour: "$series0", dash: DASHED }),
      tableToLine(losses, "penalty", { label: "penalty, weighted", colour: "$series3", dash: [2, 3] }),
    ].filter(isThere),
  });

const isShare = (values: Float64Array | undefined): boolean =>
  values?.every((value) => !Number.isFinite(value) || (value >= 0 && value <= 1)) ?? false;

/** Probabilities where the loss has any, else logits. */
export function scoresToChart(losses: Table): Chart | undefined {
  const areShares = isShare(losses.columns.get("real_score")) && isShare(losses.columns.get("fake_score"));
  return linesToChart({
    id: "discriminator",
    title: "D(x) and D(G(z))",
    caption: areShares
      ? "The discriminator's mean probability that a sample is real. Both near 0.5: it cannot tell them apart. Near 1 and 0: the generator gets no useful signal."
      : "Mean discriminator output; this loss has no probabilities.",
    y: areShares
      ? { title: "probability of being real", format: "number", min: 0, max: 1 }
      : { title: "output of D", format: "number" },
    lines: [
      tableToLine(losses, "real_score", { label: "real, D(x)", colour: "$real" }),
      tableToLine(losses, "fake_score", { label: "generated, D(G(z))", colour: "$generated" }),
      tableToLine(losses, "held_out_score", { label: "held-out real", colour: "$series0", dash: DASHED }),
    ].filter(isThere),
    ...(areShares && { levels: [{ label: "undecided", value: 0.5 }] }),
  });
}

export const accuraciesToChart = (losses: Table): Chart | undefined =>
  losses.columns.has("held_out_accuracy")
    ? linesToChart({
        id: "held-out",
        title: "Judged real: training and held-out samples",
        caption:
          "Share of real samples that the discriminator judges real. A held-out line below the training line is a sign of overfitting.",
        y: { title: "share judged real", format: "number", min: 0, max: 1 },
        lines: [
          tableToLine(losses, "seen_accuracy", { label: "trained on", colour: "$real" }),
          tableToLine(losses, "held_out_accuracy", { label: "held out", colour: "$series0", dash: DASHED }),
        ].filter(isThere),
      })
    : undefined;

/** The Jensen-Shannon divergence of real and generated if the discriminator were the best there is, ln 2 - loss / 2. */
export const divergenceToChart = (losses: Table): Chart | undefined => {
  const line = tableToLine(losses, "jsd", { label: "estimate", colour: "$generated" });
  return (
    line &&
    linesToChart({
      id: "jsd",
      title: "Jensen-Shannon divergence, estimated",
      caption:
        "ln 2 minus half the discriminator's loss: a lower bound of the divergence between real and generated samples, exact for the optimal discriminator. Below 0: the discriminator does worse than guessing.",
      y: { title: "nats", format: "number", suggestedMin: 0, suggestedMax: Math.LN2 },
      lines: [line],
      levels: [{ label: "ln 2: nothing in common", value: Math.LN2 }],
    })
  );
};

const NAMES = { generator: "generator", discriminator: "discriminator" } as const;

/** One chart a network, a line a layer, coloured from the input on. */
export const layersToCharts = (layers: readonly LayerTable[]): Chart[] =>
  (["generator", "discriminator"] as const)
    .map((player) => {
      const own = layers.filter((layer) => layer.player === player);
      const lines = own.map(
        ({ layer, rounds, columns }, i): Line => ({
          label: layer,
          rounds,
          values: columns.get("gradient_norm") ?? new Float64Array(0),
          colour: `$ramp${own.length === 1 ? 0 : (i / (own.length - 1)).toFixed(3)}`,
          ...(i % 2 === 1 && { dash: DASHED }),
        }),
      );
      return linesToChart({
        id: `gradients-${player}`,
        title: `Gradient norms of the ${NAMES[player]}`,
        caption:
          "By layer, starting at the input. Norms that fall by decades while the other network's stay level mean that this network has stopped learning.",
        y: { title: "gradient norm", format: "number", type: "logarithmic" },
        lines,
      });
    })
    .filter(isThere);

/** What a run recorded: losses, the discriminator's opinion, gradients, the divergence. */
import { type Cast, type CastJudge, descriptionToCast } from "../../run-folder/cast.ts";
import type { LayerTable, Table } from "../../run-folder/read-table.ts";
import { type Line, type RoundsChart, tableToLine } from "./rounds-chart.ts";

const isThere = <T>(value: T | undefined): value is T => value !== undefined;

const DASHED = [6, 4];

/** A generator and a discriminator. */
const PAIR = descriptionToCast({});

/** Whether terms have columns, and a chart, of their own: those of a scheme. */
const hasTerms = ({ terms }: Cast): boolean => terms.length > 0;

/** Colours of discriminators and further lines: one that makes images has the colour of what is generated. */
const seriesAt = (i: number): string => `$series${[0, 2, 3, 4][i % 4]}`;
const DASHES: readonly (readonly number[] | undefined)[] = [undefined, DASHED, [2, 3], [10, 3, 2, 3]];
const dashAt = (i: number) => {
  const dash = DASHES[i % DASHES.length];
  return dash ? { dash } : {};
};

/** A line a player: those that generate are drawn through. */
function playersToLines(losses: Table, { players }: Cast): (Line | undefined)[] {
  const generating = players.filter(({ role }) => role === "generator");
  const judging = players.filter(({ role }) => role === "discriminator");
  return [
    ...generating.map(({ name, column }, i) =>
      tableToLine(losses, `${column}_loss`, {
        label: name,
        colour: i === 0 ? "$generated" : seriesAt(i + 2),
      }),
    ),
    ...judging.map(({ name, column }, i) =>
      tableToLine(losses, `${column}_loss`, { label: name, colour: seriesAt(i), dash: DASHES[1 + (i % 3)]! }),
    ),
  ];
}

export const lossesToLines = (losses: Table, cast = PAIR): RoundsChart => ({
  id: "losses",
  title: "Losses",
  caption:
    "The loss that each network minimizes. Stable losses do not prove good samples, and unstable ones do not rule them out.",
  y: { title: "loss", format: "number" },
  lines: [
    ...playersToLines(losses, cast),
    ...(hasTerms(cast)
      ? []
      : [tableToLine(losses, "penalty", { label: "penalty, weighted", colour: "$series3", dash: [2, 3] })]),
  ].filter(isThere),
});

/** What the players' losses are sums of, each term by itself. */
export const termsToLines = (losses: Table, { terms }: Cast): RoundsChart => ({
  id: "terms",
  title: "Terms of the losses",
  caption:
    "Each term without its weight. A player minimizes the weighted sum of its terms: one that stays level while others fall is outweighed.",
  y: { title: "value", format: "number" },
  lines: terms
    .map(({ name, column }, i) =>
      tableToLine(losses, column, {
        label: name,
        colour: `$series${i % 6}`,
        ...dashAt(Math.floor(i / 6) + i),
      }),
    )
    .filter(isThere),
});

const isShare = (values: Float64Array | undefined): boolean =>
  values?.every((value) => !Number.isFinite(value) || (value >= 0 && value <= 1)) ?? false;

/** Probabilities where the loss has any, else logits. */
export function scoresToLines(losses: Table, judge: CastJudge = PAIR.judges[0]): RoundsChart {
  const { name, prefix, of } = judge;
  const [real, fake] = [`${prefix}real_score`, `${prefix}fake_score`];
  const isOfLogits = judge.isProbability === false;
  const areShares = !isOfLogits && isShare(losses.columns.get(real)) && isShare(losses.columns.get(fake));
  return {
    id: of === "" ? "discriminator" : `discriminator-${name}`,
    title: of === "" ? "D(x) and D(G(z))" : `Real and generated images to ${name}`,
    caption: areShares
      ? "The discriminator's mean probability that a sample is real. Both near 0.5: it cannot tell them apart. Near 1 and 0: the generator gets no useful signal."
      : "Mean discriminator output; this loss has no probabilities.",
    y: areShares
      ? { title: "probability of being real", format: "number", min: 0, max: 1 }
      : { title: "output of D", format: "number" },
    lines: [
      tableToLine(losses, real, { label: "real, D(x)", colour: "$real" }),
      tableToLine(losses, fake, { label: "generated, D(G(z))", colour: "$generated" }),
      ...(of === ""
        ? [
            tableToLine(losses, "held_out_score", {
              label: "held-out real",
              colour: "$series0",
              dash: DASHED,
            }),
          ]
        : []),
    ].filter(isThere),
    ...(areShares && { levels: [{ label: "undecided", value: 0.5 }] }),
  };
}

export const accuraciesToLines = (losses: Table): RoundsChart | undefined =>
  losses.columns.has("held_out_accuracy")
    ? {
        id: "held-out",
        title: "Judged real: training and held-out samples",
        caption:
          "Share of real samples that the discriminator judges real. A held-out line below the training line is a sign of overfitting.",
        y: { title: "share judged real", format: "number", min: 0, max: 1 },
        lines: [
          tableToLine(losses, "seen_accuracy", { label: "trained on", colour: "$real" }),
          tableToLine(losses, "held_out_accuracy", { label: "held out", colour: "$series0", dash: DASHED }),
        ].filter(isThere),
      }
    : undefined;

/** The Jensen-Shannon divergence of real and generated if the discriminator were the best there is, ln 2 - loss / 2. */
export const divergenceToLines = (losses: Table, { judges } = PAIR): RoundsChart | undefined => {
  const lines = judges
    .map(({ name, prefix, of }, i) =>
      tableToLine(losses, `${prefix}jsd`, {
        label: of === "" ? "estimate" : name,
        colour: i === 0 ? "$generated" : seriesAt(i - 1),
        ...dashAt(i),
      }),
    )
    .filter(isThere);
  return lines.length === 0
    ? undefined
    : {
        id: "jsd",
        title: "Jensen-Shannon divergence, estimated",
        caption:
          "ln 2 minus half the discriminator's loss: a lower bound of the divergence between real and generated samples, exact for the optimal discriminator. Below 0: the discriminator does worse than guessing.",
        y: { title: "nats", format: "number", suggestedMin: 0, suggestedMax: Math.LN2 },
        lines,
        levels: [{ label: "ln 2: nothing in common", value: Math.LN2 }],
      };
};

/** One chart a network, a line a layer, coloured from the input on. */
export function layersToLines(layers: readonly LayerTable[], cast = PAIR): RoundsChart[] {
  return cast.players
    .flatMap(({ networks }) => networks)
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
      return {
        id: `gradients-${player}`,
        title: `Gradient norms of ${player === "generator" || player === "discriminator" ? "the " : ""}${player}`,
        caption: `By layer, starting at the input. Norms that fall by decades while ${hasTerms(cast) ? "those of other networks" : "the other network's"} stay level mean that this network has stopped learning.`,
        y: { title: "gradient norm", format: "number", type: "logarithmic" },
        lines,
      };
    });
}

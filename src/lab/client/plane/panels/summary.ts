/** The state of the plane in a sentence, for those who do not see it. */
import type { LabState, Pane } from "../state/lab-state.ts";

const SIDES = ["Left: ", "Right: "];

const short = (value: number): string => String(Number(value.toPrecision(3)));

function paneToText({ state, judged }: Pane): string {
  const parts: string[] = [];
  const { modes, high_quality } = judged?.readings ?? {};
  if (modes) parts.push(`${modes.value} modes found`);
  if (high_quality) parts.push(`${Math.round(100 * high_quality.value)} percent of samples near a mode`);
  const { discriminator_loss: d, generator_loss: g } = state?.scalars ?? {};
  if (Number.isFinite(d) && Number.isFinite(g)) parts.push(`loss of D ${short(d!)}, of G ${short(g!)}`);
  const wrong = (judged?.verdicts ?? []).filter(({ severity }) => severity !== "ok");
  if (wrong.length > 0) parts.push(`verdicts: ${wrong.map(({ title }) => title).join(", ")}`);
  if (state?.diverged) parts.push(`stopped: ${state.diverged}`);
  return parts.length === 0 ? "" : `${parts.join("; ")}.`;
}

export function labToSummary({ panes }: LabState): string {
  const [first] = panes;
  if (!first?.state) return "";
  const { round, phase } = first.state;
  const begin = `Round ${round}${phase ? `, ${phase.phase} of ${phase.trains.join(" and ")}` : ""}. `;
  return begin + panes.map((pane, i) => (panes.length > 1 ? SIDES[i] : "") + paneToText(pane)).join(" ");
}

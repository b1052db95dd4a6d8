/** What a round does, in lines, as the two games play it: in turn (Algorithm 1) or both at once. */
import type { PaneFacts, PhaseFacts, PhaseName } from "../../../protocol/plane-messages.ts";

export type Who = "discriminator" | "generator" | "together";

export interface Line {
  readonly text: string;
  readonly who: Who;
  /** None: a heading of the lines below it. */
  readonly phase?: PhaseName;
  /** Updates that the lines below take in a round, of a heading. */
  readonly times?: number;
}

const times = (n: number): string => (n === 1 ? "once" : `${n} times`);

/** Lines of one step; what it reads of the data depends on the loss. */
const discriminatorLines = (): Line[] => [
  { who: "discriminator", phase: "latents", text: "draw latents z, at random" },
  { who: "discriminator", phase: "fakes", text: "make samples G(z)" },
  { who: "discriminator", phase: "reals", text: "draw real samples x" },
  { who: "discriminator", phase: "logits", text: "let D judge both: D(x), D(G(z))" },
  { who: "discriminator", phase: "loss", text: "D's loss: how wrong is it?" },
  { who: "discriminator", phase: "gradients", text: "gradients of the loss by D's weights" },
  { who: "discriminator", phase: "update", text: "move D's weights; G stays" },
];

const generatorLines = (): Line[] => [
  { who: "generator", phase: "latents", text: "draw latents z, at random" },
  { who: "generator", phase: "fakes", text: "make samples G(z)" },
  { who: "generator", phase: "logits", text: "let the new D judge them: D(G(z))" },
  { who: "generator", phase: "loss", text: "G's loss: how easily is D not fooled?" },
  { who: "generator", phase: "gradients", text: "gradients, through D, by G's weights" },
  { who: "generator", phase: "update", text: "move G's weights; D stays" },
];

const togetherLines = (): Line[] => [
  { who: "together", phase: "latents", text: "draw latents z, at random" },
  { who: "together", phase: "fakes", text: "make samples G(z), for both players" },
  { who: "together", phase: "reals", text: "draw real samples x" },
  { who: "together", phase: "logits", text: "let D judge both: D(x), D(G(z))" },
  { who: "together", phase: "loss", text: "both losses, with the old weights" },
  { who: "together", phase: "gradients", text: "gradients of each loss by its player's weights" },
  { who: "together", phase: "update", text: "move both at once: G never sees the new D" },
];

type Game = Pick<PaneFacts, "game" | "discriminatorSteps" | "generatorSteps">;

export function gameToLines({ game, discriminatorSteps, generatorSteps }: Game): Line[] {
  if (game === "together")
    return [{ who: "together", text: "in every round, both players at once:", times: 1 }, ...togetherLines()];
  return [
    {
      who: "discriminator",
      text: `in every round, train D ${times(discriminatorSteps)}:`,
      times: discriminatorSteps,
    },
    ...discriminatorLines(),
    { who: "generator", text: `then train G ${times(generatorSteps)}:`, times: generatorSteps },
    ...generatorLines(),
  ];
}

/** Who is trained by a step. */
export const phaseToWho = ({ trains }: PhaseFacts): Who => (trains.length > 1 ? "together" : trains[0]);

/** Whether this is the line that was done last. */
export const isLit = (line: Line, phase: PhaseFacts | undefined): boolean =>
  phase !== undefined && line.phase === phase.phase && line.who === phaseToWho(phase);

/** `2 of 3` beside the heading of the lines that are being done. */
export const lineToCounter = (line: Line, phase: PhaseFacts | undefined): string =>
  line.times !== undefined && phase && phaseToWho(phase) === line.who
    ? `${phase.update} of ${phase.updates}`
    : "";

/** What a page says, checked: a closed schema, of which nothing is passed over in silence. */
import { z } from "zod";
import { GanEvalError } from "../../errors.ts";
import { pageToData } from "../points/kept-points.ts";
import type { ToLab } from "../protocol/plane-messages.ts";
import { checkOptions } from "./pane-options.ts";

const PLAYER = z.enum(["generator", "discriminator"]);
const ROUND = z.int().min(0).max(10_000_000);
const SOME_ROUNDS = z.int().min(1).max(1_000_000);
const PANE = z.int().min(0).max(1);
const MOST_PANES = 2;

const of = <const Kind extends string, Shape extends z.ZodRawShape>(kind: Kind, shape: Shape) =>
  z.strictObject({ kind: z.literal(kind), ...shape });

/** By kind; those of several forms by what tells the forms apart. */
const FORMS: Readonly<Record<ToLab["kind"], z.ZodType>> = {
  open: of("open", {
    panes: z.array(z.record(z.string(), z.unknown())).min(1).max(MOST_PANES),
    round: ROUND.optional(),
  }),
  play: of("play", {}),
  pause: of("pause", {}),
  speed: of("speed", { roundsPerSecond: z.number().min(0).max(100_000) }),
  step: z.discriminatedUnion("by", [
    of("step", { by: z.enum(["phase", "update", "round"]) }),
    of("step", { by: z.literal("player"), player: PLAYER }),
    of("step", { by: z.literal("rounds"), rounds: SOME_ROUNDS }),
  ]),
  alone: of("alone", { pane: PANE, player: PLAYER, updates: z.int().min(1).max(10_000) }),
  back: of("back", { by: z.enum(["phase", "round", "rounds"]), rounds: SOME_ROUNDS.optional() }),
  seek: of("seek", { round: ROUND }),
  set: of("set", { pane: PANE.optional(), name: z.string().max(64), value: z.unknown() }),
  undo: of("undo", {}),
  branch: of("branch", { branch: z.int().min(0) }),
  reset: of("reset", { seed: z.int().min(0).max(0xffffffff).optional() }),
  layers: of("layers", { asked: z.array(z.enum(["density", "optimum"])).max(2) }),
  drawn: of("drawn", { sequence: z.int().min(0) }),
  hidden: of("hidden", { isHidden: z.boolean() }),
  export: of("export", { pane: PANE, what: z.enum(["run", "points", "curves", "generator"]) }),
};

const refuse = (expected: string, got: string): never => {
  throw new GanEvalError("usage.lab-message", `expected ${expected}, got ${got}`, {
    hint: "Reload the page: it may be of another version of gan-eval than the lab.",
  });
};

const toKnownData = (data: unknown, folder: string): unknown =>
  typeof data === "string" ? pageToData(data, folder) : data;

/**
 * @param folder where the lab keeps points of pages
 * @throws GanEvalError `usage.lab-message` for a message, a member or a number that is not among them;
 *   `usage.lab-option`, `usage.option-value` for options of a pane
 */
export function parseToLab(json: unknown, folder: string): ToLab {
  const kind = (json as { readonly kind?: unknown } | null)?.kind;
  if (typeof kind !== "string" || !Object.hasOwn(FORMS, kind))
    return refuse(`a message of the kinds ${Object.keys(FORMS).join(", ")}`, JSON.stringify(kind) ?? "none");
  const parsed = FORMS[kind as ToLab["kind"]].safeParse(json);
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues;
    return refuse(`a message ${kind} as the protocol has it`, `${[kind, ...path].join(".")}: ${message}`);
  }
  const message = parsed.data as ToLab;
  if (message.kind === "set" && message.name === "data")
    return { ...message, value: toKnownData(message.value, folder) };
  if (message.kind !== "open") return message;
  const panes = message.panes.map((options) =>
    Object.hasOwn(options, "data") ? { ...options, data: toKnownData(options.data, folder) } : options,
  );
  return { ...message, panes: panes.map(checkOptions) };
}

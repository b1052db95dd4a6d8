/** What each message of a page does. */
import { GanEvalError } from "../../errors.ts";
import { dataToPage } from "../points/kept-points.ts";
import type { PlaneOptions, ToLab } from "../protocol/plane-messages.ts";
import { History, spanToPane } from "./history.ts";
import { forPane, Lockstep, NOTHING } from "./lockstep.ts";
import type { Session } from "./open-plane-session.ts";
import { PANE_OPTIONS } from "./option-table.ts";
import type { PaneReport } from "./pane-messages.ts";
import { checkOptions, nameToFlag, withOption } from "./pane-options.ts";

/** Messages that wait for their turn: the others are taken at once. */
export type Queued = Exclude<ToLab, { readonly kind: "drawn" | "hidden" | "layers" | "speed" }>;
type Of<Kind extends Queued["kind"]> = Extract<Queued, { readonly kind: Kind }>;

/** Messages that end a longer one. */
export const INTERRUPTS: readonly ToLab["kind"][] = [
  ...(["open", "pause", "back", "seek", "undo", "branch", "reset"] as const),
];

/** Bytes of states to go back to, of all panes together. */
const MEMORY = 64 * 2 ** 20;
/** Updates of one player alone in one call: what a page waits for at most. */
const ALONE = 25;

/** Options of all panes; data and seed are those of the first. */
function panesToOptions(panes: readonly PlaneOptions[]): PlaneOptions[] {
  const checked = panes.map(checkOptions);
  const part = (options: PlaneOptions, isShared: boolean): PlaneOptions =>
    Object.fromEntries(
      Object.entries(options).filter(([name]) => (PANE_OPTIONS[name].isShared ?? false) === isShared),
    );
  return checked.map((own) => ({ ...part(own, false), ...part(checked[0], true) }));
}

async function open(session: Session, { panes, round = 0 }: Of<"open">): Promise<void> {
  const { screen, budget } = session;
  const options = panesToOptions(panes);
  const opened = options.map(() => session.openPane(MEMORY / options.length));
  const history = new History();
  const span = history.restart({ options, change: "" }, false);
  let reports: PaneReport[];
  try {
    reports = await Promise.all(opened.map((pane, i) => pane.open(spanToPane(span, i), NOTHING)));
  } catch (error) {
    await Promise.allSettled(opened.map((pane) => pane.close()));
    throw error;
  }
  await Promise.allSettled(session.lockstep?.panes.map((pane) => pane.close()) ?? []);
  const lockstep = new Lockstep(opened, reports, { history, screen, budget });
  session.lockstep = lockstep;
  screen.restart();
  await lockstep.tellSettings("opened");
  if (round > 0) await lockstep.playTo(round, () => session.isInterrupted);
  else await lockstep.look();
}

async function step(session: Session, message: Of<"step">, lockstep: Lockstep): Promise<void> {
  lockstep.isPlaying = false;
  const { round, history } = lockstep;
  if (message.by === "rounds") return lockstep.playTo(round + message.rounds, () => session.isInterrupted);
  if (history.next?.from === round) await lockstep.advance(round, NOTHING);
  const by = message.by === "player" ? message.player : message.by;
  const wanted = session.screen.wanted();
  // A pane whose round is over waits for the other.
  const { isInRound, reports } = lockstep;
  const made = await lockstep.each((pane, i) =>
    isInRound && !reports[i].isInRound ? pane.look(forPane(wanted, i)) : pane.step(by, forPane(wanted, i)),
  );
  await lockstep.arrive(made);
}

async function alone(
  session: Session,
  { pane, player, updates }: Of<"alone">,
  lockstep: Lockstep,
): Promise<void> {
  lockstep.isPlaying = false;
  const { history } = lockstep;
  const { options } = history.span;
  const none = { pane, player, updates: 0 };
  await lockstep.begin({ options, change: `updates of the ${player} alone`, pane, alone: none });
  for (let left = updates; left > 0 && !session.isInterrupted; left -= ALONE) {
    const some = Math.min(left, ALONE);
    const wanted = session.screen.wanted(left > ALONE);
    const reports = await lockstep.each((one, i) =>
      i === pane ? one.alone(some, forPane(wanted, i)) : one.look(forPane(wanted, i)),
    );
    history.countAlone(some);
    lockstep.publish(reports);
  }
  await lockstep.tellSettings();
}

async function back(session: Session, { by, rounds = 1 }: Of<"back">, lockstep: Lockstep): Promise<void> {
  lockstep.isPlaying = false;
  const { round, isInRound, reports } = lockstep;
  if (by !== "phase") {
    const count = by === "rounds" ? rounds : 1;
    // The first of them is the one that is half played.
    return lockstep.goTo(Math.max(0, round - count + (isInRound ? 1 : 0)));
  }
  if (!isInRound && round === 0) return;
  if (!isInRound) await lockstep.goTo(round - 1, false);
  const wanted = session.screen.wanted();
  const made = await lockstep.each((pane, i) => {
    if (!isInRound) return pane.toLastGradients(forPane(wanted, i));
    return reports[i].isInRound ? pane.backPhase(forPane(wanted, i)) : pane.look(forPane(wanted, i));
  });
  lockstep.publish(made);
}

async function seek(session: Session, { round }: Of<"seek">, lockstep: Lockstep): Promise<void> {
  const { newest } = lockstep.history.branch;
  await lockstep.goTo(Math.min(round, newest));
  if (round > newest) await lockstep.playTo(round, () => session.isInterrupted);
}

async function set(_: Session, { pane, name, value }: Of<"set">, lockstep: Lockstep): Promise<void> {
  const { history } = lockstep;
  const options = history.span.options.map((own, i) =>
    pane === undefined || i === pane || PANE_OPTIONS[name]?.isShared ? withOption(own, name, value) : own,
  );
  const effects = await lockstep.each((one, i) => one.weigh(options[i]));
  const shown = name === "data" ? dataToPage(String(value)) : String(value);
  const change = `${nameToFlag(name).slice(2)} ${shown}`;
  const isOfAll = pane === undefined || PANE_OPTIONS[name].isShared === true;
  await lockstep.begin(
    { options, change, ...(!isOfAll && { pane }) },
    effects.includes("restarts") || history.isUntouched,
  );
}

async function undo(_: Session, __: Of<"undo">, lockstep: Lockstep): Promise<void> {
  const position = lockstep.history.undo();
  if (position) await lockstep.jump(position);
}

async function branch(_: Session, { branch: id }: Of<"branch">, lockstep: Lockstep): Promise<void> {
  const position = lockstep.history.branchEnd(id);
  if (position === undefined)
    throw new GanEvalError("usage.lab-message", `expected a branch of the list, got ${id}`);
  await lockstep.jump(position);
}

async function reset(_: Session, { seed }: Of<"reset">, lockstep: Lockstep): Promise<void> {
  const { history } = lockstep;
  const { options, id } = history.span;
  if (history.pathTo(id).length === 1 && (seed === undefined || seed === options[0].seed))
    return lockstep.goTo(0);
  lockstep.isPlaying = false;
  const next = options.map((of) => (seed === undefined ? of : withOption(of, "seed", seed)));
  await lockstep.begin({ options: next, change: seed === undefined ? "reset" : `seed ${seed}` }, true);
}

function play({ budget }: Session, _: Of<"play">, lockstep: Lockstep): void {
  lockstep.isPlaying = true;
  budget.begin();
  lockstep.tellState();
}

/** With the frame and the rows that were held back while it played. */
function pause(_: Session, __: Of<"pause">, lockstep: Lockstep): Promise<void> {
  lockstep.isPlaying = false;
  return lockstep.look();
}

export const HANDLERS = {
  open,
  play,
  pause,
  step,
  alone,
  back,
  seek,
  set,
  undo,
  branch,
  reset,
  export: (session: Session, message: Of<"export">, lockstep: Lockstep) =>
    session.exports.begin(lockstep, message),
} as const;

/** What the page does: it turns the reader's wishes into messages, keeps the address, and hears the lab. */
import type { AskedLayer, PlayerName, ToLab, ToPage } from "../../../protocol/plane-messages.ts";
import { FrameBook } from "../canvas/frame-book.ts";
import { type FrameFacts, frameToFacts } from "../canvas/frame-facts.ts";
import { Painter } from "../canvas/painter.ts";
import { type LayerName, layersToAsked, turnLayer } from "../layers.ts";
import { HIDEABLE } from "./address.ts";
import { Addresses } from "./addresses.ts";
import { accepted, type Opening, refused, wishToOpening } from "./opening.ts";
import { panesToSecond, settingsToWished } from "./options.ts";
import { PlaneStore } from "./store.ts";
import type { Speed, Wish, WishedOptions } from "./wish.ts";

export interface Wire {
  send(message: ToLab): void;
}

/** A phase a second: slow enough to read a line of the algorithm. */
const PHASE_MS = 1000;
/** Numbers of frames are shown so often while it plays. */
const FACTS_MS = 200;

const isCalm = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;

export class Director {
  readonly store = new PlaneStore();
  readonly frames = new FrameBook();
  readonly painter: Painter;
  /** How often the reader went somewhere: who shows a round for a moment sees whether to come back. */
  moves = 0;
  private readonly wire: Wire;
  private readonly addresses: Addresses;
  private opening: Opening | undefined;
  private slow: ReturnType<typeof setInterval> | undefined;
  private lastFacts = 0;
  private playsAtOnce = false;
  /** A round that it is on its way to. */
  private get goal(): number | undefined {
    return this.store.current.goal;
  }
  private set goal(goal: number | undefined) {
    if (goal !== this.store.current.goal) this.store.put({ goal });
  }

  constructor(wire: Wire) {
    this.wire = wire;
    this.painter = new Painter({
      drawn: (sequences) => {
        for (const sequence of sequences) wire.send({ kind: "drawn", sequence });
        this.measure();
      },
      isCalm,
      isPlaying: () => this.store.current.lab.isPlaying,
    });
    this.addresses = new Addresses((wish, complaints) => this.follow(wish, complaints));
    const { wish, complaints, isBare } = this.addresses.begin();
    this.store.wish(wish);
    this.store.put({ complaints });
    this.playsAtOnce = isBare && !isCalm() && wish.tour === undefined;
  }

  /** The socket is there, for the first time or again. */
  opened(): void {
    const { lab, wish } = this.store.current;
    // A lab that was started again goes on where the old one stood.
    this.open({ ...wish, round: lab.panes[0]?.state?.round ?? wish.round });
    this.wire.send({ kind: "hidden", isHidden: document.hidden });
  }

  private open(wish: Wish): void {
    this.goal = wish.round > 0 ? wish.round : undefined;
    this.opening = wishToOpening(wish);
    this.wire.send(this.opening.message);
  }

  hear(message: ToPage): void {
    const { opening } = this;
    if (opening && message.kind === "error") {
      this.goOn(refused(opening, message));
      return;
    }
    if (message.kind === "opened") this.frames.begin(message.session);
    this.store.hear(message);
    if (opening && message.kind === "opened") {
      this.goOn(accepted(opening, message.panes));
      if (this.opening === undefined) this.isOpen();
    } else if (message.kind === "settings") this.keepSettings();
    else if (message.kind === "state") this.keepRound(message.isPlaying);
  }

  /** @returns whether the frame is of the session that is open */
  take(bytes: ArrayBuffer): void {
    const frame = this.frames.take(bytes);
    if (frame) this.painter.ask(frame.sequence);
  }

  private goOn({ next, wish, complaints }: ReturnType<typeof refused>): void {
    this.opening = next;
    if (complaints.length > 0)
      this.store.put({ complaints: [...this.store.current.complaints, ...complaints] });
    this.store.wish(wish);
    if (next) this.wire.send(next.message);
  }

  private isOpen(): void {
    const { wish } = this.store.current;
    this.wire.send({ kind: "layers", asked: this.asked(wish.layers) });
    this.tellSpeed(wish.speed);
    this.keepSettings("replace");
    this.checkHidden();
    if (this.goal !== undefined) this.wire.send({ kind: "seek", round: this.goal });
    if (this.playsAtOnce) this.play();
    this.playsAtOnce = false;
  }

  /** What a lesson hides has to be there. */
  private checkHidden(): void {
    const { lab, wish, complaints } = this.store.current;
    const flags = lab.panes[0]?.facts.settings.map(({ flag }) => flag) ?? [];
    const known = [...HIDEABLE, ...flags, "lr"];
    const unknown = wish.hide.filter((name) => !known.includes(name));
    if (unknown.length === 0) return;
    const said = `hide: expected ${HIDEABLE.join(", ")}, or options, got ${unknown.join(", ")}`;
    if (!complaints.includes(said)) this.store.put({ complaints: [...complaints, said] });
  }

  /** Settings of the lab are what stands in the address. */
  private keepSettings(how: "push" | "replace" = "push"): void {
    const { lab, wish } = this.store.current;
    const [first, second] = lab.panes.map(({ facts }) => facts.settings);
    if (!first) return;
    const panes: WishedOptions[] = [settingsToWished(first, wish.panes[0] ?? {})];
    if (second) panes.push(panesToSecond(first, second));
    this.store.wish({ panes });
    this.addresses.write(this.store.current.wish, how);
  }

  private keepRound(isPlaying: boolean): void {
    const { lab, wish } = this.store.current;
    const state = lab.panes[0]?.state;
    const round = state?.round ?? 0;
    if (this.goal !== undefined && round < this.goal && state?.diverged === undefined) return;
    this.goal = undefined;
    if (isPlaying || this.opening || wish.round === round) return;
    this.store.wish({ round });
    this.addresses.write(this.store.current.wish, "replace");
  }

  /** The reader went back in the browser, or wrote into the address. */
  private follow(wish: Wish, complaints: readonly string[]): void {
    const old = this.store.current.wish;
    this.store.wish(wish);
    this.store.put({ complaints });
    if (JSON.stringify(old.panes) !== JSON.stringify(wish.panes)) {
      this.open(wish);
      return;
    }
    if (old.round !== wish.round) this.seek(wish.round);
    this.wire.send({ kind: "layers", asked: this.asked(wish.layers) });
    if (old.speed !== wish.speed) this.tellSpeed(wish.speed);
    this.painter.ask();
  }

  /** Numbers of the frames that were drawn. */
  private measure(): void {
    const now = performance.now();
    const { lab } = this.store.current;
    if (lab.isPlaying && now - this.lastFacts < FACTS_MS) return;
    this.lastFacts = now;
    const drawn = lab.panes.map(({ facts }, i): FrameFacts | undefined => {
      const frames = this.frames.of(i);
      return frames && frameToFacts(frames.now, facts);
    });
    this.store.put({ drawn }, lab.isPlaying);
  }

  private still(): void {
    clearInterval(this.slow);
    if (this.slow !== undefined) this.store.put({ isSlow: false });
    this.slow = undefined;
  }

  private stepSend(message: ToLab): void {
    this.moves++;
    this.goal = undefined;
    this.frames.expect(true);
    this.wire.send(message);
  }

  /** What a tour does. */
  readonly tell = (message: ToLab): void => {
    if (message.kind === "step") this.stepSend(message);
    else this.plainly(message);
  };

  play(): void {
    this.still();
    if (this.store.current.wish.speed !== "phases") {
      this.frames.expect(false);
      this.goal = undefined;
      this.moves++;
      this.wire.send({ kind: "play" });
      return;
    }
    const step = () => this.stepSend({ kind: "step", by: "phase" });
    this.slow = setInterval(step, PHASE_MS);
    this.store.put({ isSlow: true });
    step();
  }

  pause(): void {
    this.still();
    this.wire.send({ kind: "pause" });
  }

  turn(): void {
    const { lab, isSlow } = this.store.current;
    lab.isPlaying || isSlow ? this.pause() : this.play();
  }

  speed(speed: Speed): void {
    const { lab, isSlow } = this.store.current;
    const wasPlaying = lab.isPlaying || isSlow;
    if (wasPlaying && (speed === "phases" || isSlow)) this.pause();
    this.change({ speed });
    this.tellSpeed(speed);
    if (wasPlaying && (speed === "phases" || isSlow)) this.play();
  }

  private tellSpeed(speed: Speed): void {
    if (speed !== "phases") this.wire.send({ kind: "speed", roundsPerSecond: Number(speed) });
  }

  phase(): void {
    this.still();
    this.stepSend({ kind: "step", by: "phase" });
  }

  player(player: PlayerName): void {
    this.still();
    this.stepSend({ kind: "step", by: "player", player });
  }

  rounds(rounds: number): void {
    this.still();
    if (rounds === 1) this.stepSend({ kind: "step", by: "round" });
    else {
      this.plainly({ kind: "step", by: "rounds", rounds });
      this.goal = (this.store.current.lab.panes[0]?.state?.round ?? 0) + rounds;
    }
  }

  private plainly(message: ToLab): void {
    this.moves++;
    this.still();
    this.goal = undefined;
    this.frames.expect(false);
    this.wire.send(message);
  }

  back(rounds: number): void {
    const { phase } = this.store.current.lab.panes[0]?.state ?? {};
    if (phase) this.plainly({ kind: "back", by: "phase" });
    else this.plainly(rounds === 1 ? { kind: "back", by: "round" } : { kind: "back", by: "rounds", rounds });
  }

  seek(round: number): void {
    this.plainly({ kind: "seek", round });
    this.goal = round > this.store.current.lab.newest ? round : undefined;
  }

  undo(): void {
    this.plainly({ kind: "undo" });
  }

  branch(branch: number): void {
    this.plainly({ kind: "branch", branch });
  }

  /** @param seed another than the one there is */
  reset(seed?: number): void {
    if (seed !== undefined) {
      const [first = {}, ...rest] = this.store.current.wish.panes;
      this.store.wish({ panes: [{ ...first, seed: String(seed) }, ...rest] });
    }
    this.store.wish({ round: 0 });
    this.addresses.write(this.store.current.wish);
    this.plainly({ kind: "reset", ...(seed !== undefined && { seed }) });
  }

  alone(player: PlayerName, updates: number): void {
    this.still();
    for (const pane of this.store.current.lab.panes.keys())
      this.plainly({ kind: "alone", pane, player, updates });
  }

  /** @param panes those whose setting changes: one, or all */
  set(panes: readonly number[], name: string, value: unknown): void {
    this.store.ask(name);
    this.frames.expect(false);
    const isOfAll = panes.length === this.store.current.lab.panes.length;
    this.wire.send({ kind: "set", ...(!isOfAll && { pane: panes[0] }), name, value });
  }

  export(pane: number, what: Extract<ToLab, { kind: "export" }>["what"]): void {
    this.store.ask("export");
    this.wire.send({ kind: "export", pane, what });
  }

  hidden(isHidden: boolean): void {
    this.wire.send({ kind: "hidden", isHidden });
    if (isHidden) this.still();
  }

  layer(name: LayerName): void {
    this.change({ layers: turnLayer(this.store.current.wish.layers, name) });
    this.wire.send({ kind: "layers", asked: this.asked(this.store.current.wish.layers) });
  }

  /** On a line the generator's curve is its density. */
  private asked(layers: readonly LayerName[]): AskedLayer[] {
    const isLine = this.store.current.lab.panes[0]?.facts.dimensions === 1;
    return [...new Set([...layersToAsked(layers), ...(isLine ? (["density"] as const) : [])])];
  }

  scale(): void {
    this.change({ scale: this.store.current.wish.scale === "logit" ? "probability" : "logit" });
  }

  /** Two panes, or one again. */
  panes(panes: readonly WishedOptions[]): void {
    this.still();
    this.store.wish({ panes, round: 0 });
    this.addresses.write(this.store.current.wish);
    this.open(this.store.current.wish);
  }

  /** Of what the page itself draws. */
  private change(changes: Partial<Wish>): void {
    this.store.wish(changes);
    this.addresses.write(this.store.current.wish, "replace");
    this.painter.ask();
  }

  close(): void {
    this.pause();
    this.addresses.close();
  }
}

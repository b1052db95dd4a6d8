/** What was changed when: a tree of spans, and branches of it that a page lists. */
import type { BranchFacts, PlaneOptions, PlayerName } from "../protocol/plane-messages.ts";
import type { PaneSpan } from "./span.ts";

export interface Span {
  readonly id: number;
  /** Undefined: it begins at round 0 of networks of its own. */
  readonly parent?: number;
  readonly from: number;
  /** By pane. */
  readonly options: readonly PlaneOptions[];
  readonly alone?: { readonly pane: number; readonly player: PlayerName; readonly updates: number };
  /** In words, and of which pane; all panes where it is of none. */
  readonly change: string;
  readonly pane?: number;
  /** Of one that begins at round 0: where undo leads. */
  readonly before?: Position;
}

export interface Position {
  readonly span: number;
  readonly round: number;
}

interface Branch {
  readonly id: number;
  readonly from: number;
  readonly fork: number;
  readonly change: string;
  /** Its last span. */
  tip: number;
  newest: number;
}

export type Change = Pick<Span, "options" | "change" | "pane" | "alone">;

export class History {
  private readonly spans = new Map<number, Span>();
  private readonly branchOf = new Map<number, number>();
  private readonly branches = new Map<number, Branch>();
  private spanCount = 0;
  private branchCount = 0;
  /** Where the panes stand. */
  position: Position = { span: 0, round: 0 };

  get span(): Span {
    return this.spans.get(this.position.span)!;
  }

  get branch(): Branch {
    return this.branches.get(this.branchOf.get(this.position.span)!)!;
  }

  /** Whether nothing was played, so that the command of the options that are can say it all. */
  get isUntouched(): boolean {
    const { span, round } = this.position;
    return round === 0 && this.pathTo(span).every(({ alone }) => alone === undefined);
  }

  get facts(): BranchFacts[] {
    return [...this.branches.values()].map(({ id, from, fork, newest, change }) => ({
      id,
      from,
      fork,
      newest,
      change,
    }));
  }

  /** Begins at round 0 anew, and stands there. */
  restart(change: Change, isUndoable: boolean): Span {
    const before = isUndoable ? this.position : undefined;
    const span: Span = { id: this.spanCount++, from: 0, ...change, ...(before && { before }) };
    this.add(span, this.addBranch(before ? this.branch.id : 0, 0, span));
    return span;
  }

  /** Begins a span where the panes stand: a branch, unless nothing was played behind it. */
  change(change: Change): Span {
    const { position, branch } = this;
    const { round } = position;
    const span: Span = { id: this.spanCount++, parent: position.span, from: round, ...change };
    const isNewest = branch.tip === position.span && branch.newest === round;
    this.add(span, isNewest ? branch : this.addBranch(branch.id, round, span));
    return span;
  }

  /** Takes the last span back, as if it had never been: its change was refused. */
  takeBack(span: Span, position: Position): void {
    const branch = this.branch;
    if (span.parent === undefined || this.branchOf.get(span.parent) !== branch.id)
      this.branches.delete(branch.id);
    else branch.tip = span.parent;
    this.spans.delete(span.id);
    this.branchOf.delete(span.id);
    this.position = position;
  }

  /** A branch of which nothing was ever played is not listed, once the panes have left it. */
  forgetUnplayed({ span }: Position): void {
    const left = this.branches.get(this.branchOf.get(span)!);
    if (left && left !== this.branch && left.newest === 0 && !this.canUndo) this.branches.delete(left.id);
  }

  /** More updates of one player alone, of those that the present span begins with. */
  countAlone(updates: number): void {
    const { span } = this;
    const alone = { ...span.alone!, updates: span.alone!.updates + updates };
    const change = `${alone.updates} updates of the ${alone.player} alone`;
    this.spans.set(span.id, { ...span, alone, change });
  }

  /** From round 0 to a span. */
  pathTo(id: number): Span[] {
    const path: Span[] = [];
    for (
      let at: Span | undefined = this.spans.get(id);
      at;
      at = at.parent === undefined ? undefined : this.spans.get(at.parent)
    )
      path.unshift(at);
    return path;
  }

  /** The span of the branch that is shown which a round belongs to. */
  spanAt(round: number): Span {
    return this.pathTo(this.branch.tip).findLast(({ from }) => from <= round)!;
  }

  /** What comes next on the branch, where the panes stand in its past. */
  get next(): Span | undefined {
    const path = this.pathTo(this.branch.tip);
    return path[path.findIndex(({ id }) => id === this.position.span) + 1];
  }

  /** The panes stand elsewhere; a round that was never played is the branch's newest. */
  moveTo(position: Position): void {
    this.position = position;
    const { branch } = this;
    branch.newest = Math.max(branch.newest, position.round);
  }

  branchEnd(id: number): Position | undefined {
    const branch = this.branches.get(id);
    return branch && { span: branch.tip, round: branch.newest };
  }

  get canUndo(): boolean {
    return this.undone !== undefined;
  }

  /** Leaves the last change of the branch; what was played under it stays as a branch. */
  undo(): Position | undefined {
    const { undone, branch } = this;
    const tip = this.spans.get(branch.tip)!;
    if (undone === undefined) return undefined;
    const isOfParent = tip.parent !== undefined && this.branchOf.get(tip.parent) === branch.id;
    const isPlayed = branch.newest > tip.from;
    if (isOfParent) {
      if (isPlayed) this.add(tip, { ...this.addBranch(branch.id, tip.from, tip), newest: branch.newest });
      branch.tip = tip.parent!;
      branch.newest = tip.from;
    } else if (!isPlayed) this.branches.delete(branch.id);
    this.position = undone;
    return undone;
  }

  private get undone(): Position | undefined {
    const tip = this.spans.get(this.branch.tip)!;
    return tip.parent === undefined ? tip.before : { span: tip.parent, round: tip.from };
  }

  private addBranch(from: number, fork: number, { id: tip, change }: Span): Branch {
    const branch: Branch = { id: this.branchCount++, from, fork, change, tip, newest: fork };
    this.branches.set(branch.id, branch);
    return branch;
  }

  private add(span: Span, branch: Branch): void {
    this.spans.set(span.id, span);
    this.branchOf.set(span.id, branch.id);
    this.branches.set(branch.id, branch);
    branch.tip = span.id;
    branch.newest = Math.max(branch.newest, span.from);
    this.position = { span: span.id, round: span.from };
  }
}

/** What one pane knows of a span. */
export const spanToPane = ({ id, from, options, alone }: Span, pane: number): PaneSpan => ({
  id,
  from,
  options: options[pane],
  ...(alone && alone.pane === pane && { alone: { player: alone.player, updates: alone.updates } }),
});

/** What a page takes with it: files of a pane, and run folders that are written beside what goes on. */
import { GanEvalError } from "../../errors.ts";
import type { ToLab } from "../protocol/plane-messages.ts";
import { spanToPane } from "./history.ts";
import type { Lockstep } from "./lockstep.ts";
import type { PaneCalls } from "./pane-messages.ts";
import type { OpenPane } from "./pane-thread.ts";
import type { Screen } from "./screen.ts";

type Export = Extract<ToLab, { readonly kind: "export" }>;

export interface ExportsOptions {
  readonly folder: string;
  readonly isReadOnly: boolean;
  readonly openPane: OpenPane;
}

export class Exports {
  private readonly screen: Screen;
  private readonly options: ExportsOptions;
  /** Those that write a folder. */
  private readonly writers = new Set<PaneCalls>();
  private readonly work: Promise<void>[] = [];

  constructor(screen: Screen, options: ExportsOptions) {
    this.screen = screen;
    this.options = options;
  }

  /** @throws GanEvalError `usage.lab-read-only` */
  async begin(lockstep: Lockstep, { pane, what }: Export): Promise<void> {
    if (what !== "run") return this.sendFile(lockstep, pane, what);
    const { isReadOnly, openPane } = this.options;
    if (isReadOnly)
      throw new GanEvalError("usage.lab-read-only", "expected a lab that may write, got --read-only", {
        hint: "Run the command that the page shows, or export a file.",
      });
    await lockstep.tellCommand();
    const writer = openPane(0);
    this.writers.add(writer);
    this.work.push(this.write(writer, lockstep, pane));
  }

  /** Ends what is under way: nothing of it is left. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.writers].map((writer) => writer.stop()));
    await Promise.allSettled(this.work);
  }

  private async sendFile(
    lockstep: Lockstep,
    pane: number,
    what: Exclude<Export["what"], "run">,
  ): Promise<void> {
    const bytes = await lockstep.panes[pane].exportFile(what, lockstep.path(pane));
    const name = `${what}-${lockstep.round}${what === "generator" ? ".onnx" : ".csv"}`;
    this.screen.tell({ kind: "exported", what, name, bytes: Buffer.from(bytes).toString("base64") });
  }

  private async write(writer: PaneCalls, { history, round }: Lockstep, pane: number): Promise<void> {
    const spans = history.pathTo(history.position.span);
    const exported = {
      spans: spans.map((span) => spanToPane(span, pane)),
      changes: spans.map((span, i) => (i > 0 && (span.pane ?? pane) === pane ? span.change : "")),
      round: Math.max(1, round),
    };
    try {
      const name = await writer.exportRun(this.options.folder, exported);
      this.screen.tell({ kind: "exported", what: "run", name });
    } catch (error) {
      this.screen.say(error);
    } finally {
      this.writers.delete(writer);
      await writer.close();
    }
  }
}

/** An engine, and one thing that is opened on it: closed together. */
import type { Engine } from "../engine/engine.ts";
import { type EngineChoice, openEngine } from "../engine/index.ts";

export interface OpenedOnEngine<T> {
  readonly opened: T;
  /** Closes it, and then its engine. */
  dispose(): Promise<void>;
}

/** Starts an engine of its own; it is closed where `open` fails. @throws GanEvalError as `openEngine` and `open` */
export async function openOnEngine<T extends { dispose(): Promise<void> }>(
  choice: EngineChoice,
  open: (engine: Engine) => Promise<T>,
): Promise<OpenedOnEngine<T>> {
  const engine = await openEngine(choice);
  try {
    const opened = await open(engine);
    const dispose = async () => {
      await opened.dispose();
      await engine.dispose();
    };
    return { opened, dispose };
  } catch (error) {
    await engine.dispose();
    throw error;
  }
}

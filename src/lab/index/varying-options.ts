/** Which options are not the same in all runs: only those are told. */
import type { RunOptions } from "./run-entry.ts";

export class Varying {
  private names: ReadonlySet<string> = new Set();

  /** @returns whether other options vary than before */
  update(all: readonly RunOptions[]): boolean {
    const first = new Map<string, unknown>();
    const found = new Set<string>();
    for (const options of all)
      for (const name in options) {
        if (!first.has(name)) first.set(name, options[name]);
        else if (first.get(name) !== options[name]) found.add(name);
      }
    const isSame = found.size === this.names.size && [...found].every((name) => this.names.has(name));
    this.names = found;
    return !isSame;
  }

  pick(options: RunOptions): RunOptions {
    return Object.fromEntries(Object.entries(options).filter(([name]) => this.names.has(name)));
  }
}

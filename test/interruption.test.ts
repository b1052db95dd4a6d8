import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Interruption } from "../src/interruption.ts";

let said: string[];
let ended: number;
let now: number;
let interruption: Interruption;
beforeEach(() => {
  vi.useFakeTimers();
  [said, ended, now] = [[], 0, 0];
  interruption = new Interruption({
    say: (text) => said.push(text),
    stopAtOnce: () => ended++,
    steadyClock: () => now,
  });
});
afterEach(() => vi.useRealTimers());

const seconds = (n: number): void => {
  now += n * 1000;
  vi.advanceTimersByTime(n * 1000);
};

describe("a program that is told to stop", () => {
  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("by %s aborts its signal, and says so", (name) => {
    interruption.receive(name);
    expect(interruption.signal.aborted).toBe(true);
    expect(said).toEqual(["\nstopping (press again to stop immediately)\n"]);
    expect(ended).toBe(0);
  });

  it("ends after ten seconds where nothing holds it", () => {
    interruption.receive("SIGINT");
    seconds(9);
    expect(ended).toBe(0);
    seconds(1);
    expect(ended).toBe(1);
  });

  it("lives as long as work is held that can be saved, and says what is done", () => {
    const release = interruption.hold("the round is played to its end and saved");
    interruption.receive("SIGTERM");
    expect(said).toEqual([
      "\nstopping: the round is played to its end and saved (press again to stop immediately)\n",
    ]);
    seconds(3600);
    expect(ended).toBe(0);
    release();
    seconds(9);
    expect(ended).toBe(0);
    seconds(1);
    expect(ended).toBe(1);
  });

  it("is held by the last of several holds", () => {
    const releases = [interruption.hold(), interruption.hold("b")];
    interruption.receive("SIGINT");
    releases[1]();
    seconds(60);
    expect(ended).toBe(0);
    releases[0]();
    seconds(60);
    expect(ended).toBe(1);
  });

  it("ends at once at a second Ctrl-C, though it is held", () => {
    interruption.hold("b");
    interruption.receive("SIGINT");
    seconds(1);
    interruption.receive("SIGINT");
    expect(ended).toBe(1);
  });

  it("takes one Ctrl-C that was handed on twice for one", () => {
    interruption.receive("SIGINT");
    now += 20;
    interruption.receive("SIGINT");
    expect(ended).toBe(0);
  });

  it("takes no hang-up for a second signal, however many come", () => {
    interruption.hold("b");
    interruption.receive("SIGHUP");
    seconds(5);
    interruption.receive("SIGHUP");
    expect(ended).toBe(0);
  });
});

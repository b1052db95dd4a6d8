import { describe, expect, it } from "vitest";
import { SickWatch } from "../../src/queue/sick-watch.ts";

const EARLY = 1000;

describe("a worker", () => {
  it("gives up after three runs in a row that its machine fails early", () => {
    const watch = new SickWatch(EARLY);
    expect(watch.add("a", true, 10)).toBeUndefined();
    expect(watch.add("b", true, 10)).toBeUndefined();
    expect(watch.add("c", true, 10)).toMatchObject({ code: "queue.sick-worker" });
  });

  it("does not blame itself for one run that fails each time", () => {
    const watch = new SickWatch(EARLY);
    for (let attempt = 0; attempt < 5; attempt++) expect(watch.add("poisoned", true, 10)).toBeUndefined();
  });

  it.each([
    ["one that succeeds", false, 10],
    ["one that fails late", true, EARLY + 1],
  ])("forgets failures before %s", (_, ofThePlace, milliseconds) => {
    const watch = new SickWatch(EARLY);
    watch.add("a", true, 10);
    watch.add("b", true, 10);
    expect(watch.add("c", ofThePlace, milliseconds)).toBeUndefined();
    expect(watch.add("d", true, 10)).toBeUndefined();
  });
});

import { expect, it } from "vitest";
import { OpenPrograms } from "../../src/engine/open-programs.ts";

it("closes what is left open, each once, and forgets what was closed before", async () => {
  const programs = new OpenPrograms();
  const closed: string[] = [];
  const open = (name: string) =>
    programs.keep({
      async dispose() {
        closed.push(name);
      },
    });
  const first = open("first");
  open("second");
  open("third");
  await first.dispose();
  expect(closed).toEqual(["first"]);
  await programs.dispose();
  await programs.dispose();
  expect(closed).toEqual(["first", "second", "third"]);
});

import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { metrics } from "../../src/metrics/table.ts";
import { run } from "./command-line.ts";

const PAGE = path.resolve(import.meta.dirname, "../../docs/metrics.md");
const MARKED = /<!-- table: metrics -->\n[\s\S]*?<!-- end -->/;

describe("docs/metrics.md", () => {
  it("has the table of list-metrics between its marks (vitest -u writes it)", async () => {
    const { stdout } = await run(["list-metrics", "--md"]);
    const filled = readFileSync(PAGE, "utf8").replace(
      MARKED,
      () => `<!-- table: metrics -->\n\n${stdout}\n<!-- end -->`,
    );
    await expect(filled).toMatchFileSnapshot(PAGE);
  });
});

describe("list-metrics", () => {
  it("names every metric on a narrow page and says in JSON what each is", async () => {
    const { stdout } = await run(["list-metrics"]);
    for (const id of Object.keys(metrics)) expect(stdout).toMatch(new RegExp(`(^| )${id}$`, "m"));
    const rows = JSON.parse((await run(["list-metrics", "--json"])).stdout);
    expect(rows.map(({ id }: { id: string }) => id)).toEqual(Object.keys(metrics));
    for (const row of rows) expect(row.source.paper).not.toBe("");
  });
});

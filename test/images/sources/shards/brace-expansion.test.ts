import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expandBraces } from "../../../../src/images/sources/shards/brace-expansion.ts";
import "../../../fuzz-seed.ts";

/** Patterns with what they stand for, by the rules themselves. */
const word = fc.stringMatching(/^[a-z/.]{1,4}$/).map((text) => ({ pattern: text, texts: [text] }));
const range = fc.tuple(fc.nat(30), fc.nat(30), fc.nat(3)).map(([from, to, step]) => {
  const stride = Math.max(1, step);
  const sign = from <= to ? 1 : -1;
  const texts: string[] = [];
  for (let n = from; sign * n <= sign * to; n += sign * stride) texts.push(String(n).padStart(3, "0"));
  const end = (n: number) => String(n).padStart(3, "0");
  return { pattern: `{${end(from)}..${end(to)}..${step}}`, texts };
});
const { node } = fc.letrec<{ node: { pattern: string; texts: string[] } }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 2 },
    word,
    range,
    fc.array(tie("node"), { minLength: 2, maxLength: 3 }).map((parts) => ({
      pattern: `{${parts.map(({ pattern }) => pattern).join(",")}}`,
      texts: parts.flatMap(({ texts }) => texts),
    })),
    fc.tuple(tie("node"), tie("node")).map(([a, b]) => ({
      pattern: a.pattern + b.pattern,
      texts: a.texts.flatMap((left) => b.texts.map((right) => left + right)),
    })),
  ),
}));

describe("expandBraces", () => {
  test("multiplies what stands side by side, the left slowest, and joins what a list holds", () => {
    fc.assert(
      fc.property(node, ({ pattern, texts }) => {
        fc.pre(texts.length < 5000);
        expect(expandBraces(pattern)).toEqual(texts);
      }),
    );
  });

  const hasBash = spawnSync("bash", ["--version"]).status === 0;
  if (!hasBash) console.warn("skipped: bash is absent, whose expansion is compared");
  test.skipIf(!hasBash)("gives what bash gives", () => {
    const patterns = fc
      .sample(node, 60)
      .map(({ pattern }) => pattern)
      .filter((pattern) => expandBraces(pattern).length < 1000 && /^[\w./{},]+$/.test(pattern));
    const script = patterns.map((pattern) => `printf '%s\\n' ${pattern}; echo ---`).join("\n");
    const { stdout } = spawnSync("bash", ["-c", script], { encoding: "utf8", maxBuffer: 2 ** 26 });
    const ours = patterns.map((pattern) => `${expandBraces(pattern).join("\n")}\n---\n`).join("");
    expect(stdout).toBe(ours);
  });

  test("leaves text without braces as it is, whatever it is", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[^{}\\]*$/), (text) => {
        expect(expandBraces(text)).toEqual([text]);
      }),
    );
  });

  test.each(["{", "a}", "{1{2,3}", "}{", "{0..999999}{0..9}"])("refuses %s with what is wrong", (pattern) => {
    expect(() => expandBraces(pattern)).toThrow(
      expect.objectContaining({ code: "usage.shard-pattern", message: expect.stringContaining(pattern) }),
    );
  });
});

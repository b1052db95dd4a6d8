import { describe, expect, it } from "vitest";
import { joinSides, warningsOfSide } from "../../../src/evaluate/sides/side-warnings.ts";
import { constantFeaturesWarnings } from "../../../src/evaluate/warnings.ts";
import { NoticeCounts } from "../../../src/images/image-notices.ts";

const REMARKS = ["alpha", "16-bit", "exif-rotation", "grey", "lossy", "animated", "cmyk"] as const;

/** What a source of `n` images says, of two sizes and with one that cannot be read. */
function sourceWarnings(n: number, bad: string) {
  const counts = new NoticeCounts();
  for (let i = 0; i < n; i++) counts.add(REMARKS, 10 + (i % 2), 10);
  counts.skip(bad, "it is cut off");
  return counts.toWarnings();
}

describe("warnings of one kind about several sides", () => {
  it("are one that names all of them, for everything that a source may say", () => {
    const real = sourceWarnings(6, "a.png");
    const fake = sourceWarnings(8, "b.png");
    expect(real).toHaveLength(REMARKS.length + 2);
    const joined = joinSides([...warningsOfSide("real", real), ...warningsOfSide("fake", fake)]);
    expect(joined.map(({ code }) => code)).toEqual(real.map(({ code }) => code));
    for (const [i, { message, hint }] of joined.entries()) {
      expect(message).toMatch(/^real: .*fake: /s);
      expect(hint).toBe(real[i].hint);
    }
    expect(joined.find(({ code }) => code === "grey")!.message).toBe(
      "real: 6 of 6, fake: 8 of 8 images are grey: the channel is copied to red, green and blue",
    );
    expect(joined.find(({ code }) => code === "skipped")!.message).toBe(
      "real: 1 skipped as unreadable: a.png (it is cut off); fake: 1 skipped as unreadable: b.png (it is cut off)",
    );
  });

  it("that say the same name the sides together", () => {
    const zeros = [0, 0];
    expect(
      joinSides(
        constantFeaturesWarnings([
          ["real", zeros],
          ["fake", zeros],
        ]),
      ).map(({ message }) => message),
    ).toEqual(["real and fake: every image has the same features"]);
  });

  it("of three sides are one too", () => {
    const of = (role: "real" | "fake" | "heldOut", n: number) => warningsOfSide(role, sourceWarnings(n, "x"));
    const [first] = joinSides([...of("real", 2), ...of("fake", 3), ...of("heldOut", 4)]);
    expect(first.message).toMatch(/^real: 2 of 2, fake: 3 of 3, heldOut: 4 of 4 images have transparency/);
  });

  it("of two kinds, and those about no side, stay as they are", () => {
    const warnings = [
      { code: "few-samples", message: "8 real and 8 fake: too few", hint: "More." },
      { code: "grey", message: "real: 1 of 2 images are grey", hint: "So." },
      { code: "lossy", message: "fake: 1 of 2 images are lossy", hint: "So." },
      { code: "cache-damaged", message: "a cannot be used", hint: "Again." },
      { code: "cache-damaged", message: "b cannot be used", hint: "Again." },
    ];
    expect(joinSides(warnings)).toEqual(warnings);
  });
});

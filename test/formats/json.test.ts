import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { JsonFault, textToJson } from "../../src/formats/json.ts";

const messageOf = (text: string): string => {
  try {
    textToJson(text);
  } catch (error) {
    expect(error).toBeInstanceOf(JsonFault);
    return (error as Error).message;
  }
  throw new Error(`no fault in ${text}`);
};

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

test("whatever JSON.stringify writes is read as JSON.parse reads it", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(0, 2, "\t"), (value, space) => {
      const text = JSON.stringify(value, null, space);
      expect(textToJson(text)).toEqual(JSON.parse(text));
    }),
  );
});

test("a text that was damaged in one place is refused exactly where JSON.parse refuses it", () => {
  const damage = fc.tuple(
    fc.jsonValue(),
    fc.nat(),
    fc.nat(2),
    fc.constantFrom(...'{}[],:"\\0-+.eE \u0000\u007f'),
  );
  fc.assert(
    fc.property(damage, ([value, where, cut, put]) => {
      const whole = JSON.stringify(value);
      const at = where % (whole.length + 1);
      const text = whole.slice(0, at) + put + whole.slice(at + cut);
      if (!isJson(text)) expect(() => textToJson(text)).toThrow(JsonFault);
    }),
    { numRuns: 2000 },
  );
});

describe("a fault names its line and column", () => {
  test.each([
    ['{"a": 1,}', 'expected a key in quotation marks, got "}" (line 1, column 9)'],
    ['{\n  "a": 1\n  "b": 2\n}', 'expected "," or "}", got "\\"" (line 3, column 3)'],
    ['{\r\n"a": tru}', 'expected a value, got "tru" (line 2, column 6)'],
    ["[1, 2", 'expected "," or "]", got the end of the text (line 1, column 6)'],
    ["{'a': 1}", "expected a key in quotation marks, got \"'a'\" (line 1, column 2)"],
    ["{} x", 'expected nothing more, got "x" (line 1, column 4)'],
    ['{"a" 1}', 'expected ":", got "1" (line 1, column 6)'],
    ["// note\n{}", 'expected a value, got "//" (line 1, column 1)'],
    [" \n", "expected JSON, got an empty text (line 1, column 1)"],
  ])("%j", (text, message) => {
    expect(messageOf(text)).toBe(message);
  });
});

describe("a key that stands twice in one object", () => {
  test("is a fault that names both places, at any depth and however it is spelt", () => {
    expect(messageOf('{"a": {"fid": 1,\n "f\\u0069d": 2}}')).toBe(
      'expected each key once, got "fid" twice: at line 1, column 8 and here (line 2, column 2)',
    );
    expect(messageOf('[{"": 1, "": 1}]')).toContain("twice");
  });

  test("is none where the objects are two", () => {
    expect(textToJson('[{"a": 1}, {"a": {"a": 2}}]')).toEqual([{ a: 1 }, { a: { a: 2 } }]);
    expect(textToJson('{"constructor": 1}')).toEqual({ constructor: 1 });
  });
});

test("nesting without end is a fault, not a crash", () => {
  expect(messageOf("[".repeat(100_000))).toContain("at most 500 levels");
});

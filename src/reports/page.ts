/** The page that text is written for: its width, colours and weights. */

/** Colours and weights of text; each function returns its argument unchanged where colour is off. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
}

/** What text is laid out for: how wide, and in what style. */
export interface Page {
  readonly columns: number;
  readonly style: Style;
}

const ESC = "\u001b";
const paint = (open: number, close: number) => (text: string) =>
  text === "" ? "" : `${ESC}[${open}m${text}${ESC}[${close}m`;

/** ECMA-48 SGR sequences, with the codes that switch each one off alone. */
export const colourStyle: Style = {
  bold: paint(1, 22),
  dim: paint(2, 22),
  red: paint(31, 39),
  green: paint(32, 39),
  yellow: paint(33, 39),
};

const unchanged = (text: string): string => text;

export const plainStyle: Style = {
  bold: unchanged,
  dim: unchanged,
  red: unchanged,
  green: unchanged,
  yellow: unchanged,
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for
const sgrSequence = /\u001b\[[0-9;]*m/g;

/** Text without its colour sequences. */
export const textToPlain = (text: string): string => text.replace(sgrSequence, "");

/** Columns that text takes on a terminal: colour sequences none, East Asian characters and emoji two. */
export function textToWidth(text: string): number {
  const plain = textToPlain(text);
  return /^[\x20-\x7e]*$/.test(plain) ? plain.length : graphemesToWidth(plain);
}

let graphemes: Intl.Segmenter | undefined;
let wide: RegExp | undefined;

/** The segmenter and the expression take longer to make than help to print: they wait for the first such text. */
function graphemesToWidth(text: string): number {
  graphemes ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  wide ??=
    /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/u;
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += wide.test(segment) ? 2 : 1;
  return width;
}

/** Breaks text at spaces into lines of at most `width` columns (the first `firstWidth`); a longer word stays whole. */
export function textToLines(text: string, width: number, firstWidth = width): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split("\n")) {
    let line = "";
    for (const word of paragraph.split(" ")) {
      const room = lines.length === 0 ? firstWidth : width;
      if (line !== "" && textToWidth(line) + 1 + textToWidth(word) > room) {
        lines.push(line);
        line = word;
      } else {
        line = line === "" ? word : `${line} ${word}`;
      }
    }
    lines.push(line);
  }
  return lines;
}

/** No page is so narrow that text stands in single words beside its margin. */
const LEAST_TEXT = 20;

/** Text wrapped to the page behind a first margin, every later line behind another, blank one. */
export function textToIndented(
  text: string,
  columns: number,
  first: string,
  rest = " ".repeat(textToWidth(first)),
): string {
  const room = (margin: string): number => Math.max(LEAST_TEXT, columns - textToWidth(margin));
  const lines = textToLines(text, room(rest), room(first));
  return lines.map((line, index) => (index === 0 ? first : rest) + line).join("\n");
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const controlCharacters = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** File names and the like, with characters that could drive a terminal or reorder its line shown as `\u001b`. */
export const textToVisible = (text: string): string =>
  text.replace(
    controlCharacters,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

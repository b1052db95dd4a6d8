/** Words and names as a POSIX shell takes them, to be pasted. */

/** What a terminal would act on or reorder; bash, zsh and ksh read it by its bytes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

const bytesOf = (character: string): string =>
  [...Buffer.from(character)].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");

/** A word as a shell takes it, quoted where it must be. */
export function wordToShell(word: string): string {
  // A word that begins with = is a command's place in zsh.
  if (/^(?!=)[\w./@:=+-]+$/.test(word)) return word;
  if (!CONTROL.test(word)) return `'${word.replaceAll("'", "'\\''")}'`;
  const escaped = [...word].map((character) =>
    CONTROL.test(character) ? bytesOf(character) : character.replace(/['\\]/, "\\$&"),
  );
  // Quotes end behind a control character: the next letter might be one more digit of it.
  return `$'${escaped.join("").replaceAll(/(\\x[0-9a-f]{2})(?=[0-9a-fA-F])/g, (byte) => `${byte}'$'`)}'`;
}

/** The name of a file or folder where options stand too: one that begins with a hyphen would be taken for one. */
export const locationToShell = (location: string): string =>
  wordToShell(/^-./.test(location) ? `./${location}` : location);

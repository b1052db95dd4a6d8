/** A word as a shell takes it, quoted where it must be. */
export const wordToShell = (word: string): string =>
  /^[\w./@:=+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

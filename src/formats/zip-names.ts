/** Names in zip archives: from the bytes that programs write to relative paths with "/" between their parts. */
import type * as Yauzl from "yauzl";
import type { Entry } from "yauzl";
import { GanEvalError } from "../errors.ts";

/** The flag of an entry whose name is UTF-8. */
const UTF8_FLAG = 0x800;

/** yauzl's own, which its types leave out: the Unicode field that some programs add, else the name, "\" as "/". */
type NameReader = (flags: number, raw: Buffer, extraFields: Entry["extraFields"], strict: boolean) => string;

const isUtf8 = (bytes: Uint8Array): boolean => {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
};

/** macOS's Archive Utility and bsdtar write UTF-8 without its flag; bytes that are no UTF-8 are code page 437. */
function entryToText(
  yauzl: typeof Yauzl,
  { generalPurposeBitFlag, fileNameRaw, extraFields }: Entry,
): string {
  const { getFileNameLowLevel } = yauzl as unknown as { getFileNameLowLevel: NameReader };
  const flags = generalPurposeBitFlag | (isUtf8(fileNameRaw) ? UTF8_FLAG : 0);
  return getFileNameLowLevel(flags, fileNameRaw, extraFields, false);
}

const climbsOut = (location: string, name: string): GanEvalError =>
  new GanEvalError(
    "input.zip-name",
    `expected names inside the archive ${location}, got one that points outside: ${name}`,
    {
      hint: "If you trust the archive, pack it again from within its folder: cd FOLDER; zip -r FILE.zip .",
    },
  );

/**
 * The path of an entry below the archive's root: `./s//a.png` and `s\a.png` are `s/a.png`.
 * @throws GanEvalError `input.zip-name` for absolute paths and `..`
 */
export function entryToName(yauzl: typeof Yauzl, entry: Entry, location: string): string {
  const text = entryToText(yauzl, entry);
  const parts = text.split("/");
  if (/^([a-zA-Z]:|\/)/.test(text) || parts.includes("..")) throw climbsOut(location, text);
  return parts.filter((part) => part !== "" && part !== ".").join("/");
}

/** Whether an entry stands for a folder. */
export const isFolderEntry = ({ fileNameRaw }: Entry): boolean =>
  [0x2f, 0x5c].includes(fileNameRaw.at(-1) ?? 0x2f);

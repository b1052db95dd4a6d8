/**
 * Members of a tar as samples, by webdataset's rule: consecutive files whose name is equal up to the first dot of its
 * last part. Source: webdataset 1.0.2, tariterators.py, base_plus_ext, tar_file_iterator and group_by_keys.
 */
import { GanEvalError } from "../../../errors.ts";

export interface SampleName {
  readonly key: string;
  /** In lower case: `cls.txt` of `a.b/img.cls.txt`. */
  readonly extension: string;
}

const KEY = /^((?:[^\n]*\/|)[^.]+)[.]([^/]*)$/;
const META = /^__[^/]*__($|\/)/;

/** Key and extension; undefined for names without a dot in the last part, hidden ones and webdataset's own (`__meta__`). */
export function nameToSample(name: string): SampleName | undefined {
  if (META.test(name) || (!name.includes("/") && name.startsWith("__") && name.endsWith("__")))
    return undefined;
  const [, key, extension] = KEY.exec(name) ?? [];
  return key === undefined ? undefined : { key, extension: extension.toLowerCase() };
}

/** The picture of a sample where no other is named. */
const PICTURES: ReadonlySet<string> = new Set(["jpg", "jpeg", "png", "webp"]);

/** What `--image-key` names: one extension, or several in order of preference, as webdataset writes them: `jpg;png`. */
export const textToImageKeys = (text: string): readonly string[] =>
  text
    .split(/[;,]/)
    .map((key) => key.trim().replace(/^\./, "").toLowerCase())
    .filter((key) => key !== "");

/** Whether a member may be the picture of its sample. */
export const isPicture = (extension: string, imageKeys: readonly string[] | undefined): boolean =>
  imageKeys ? imageKeys.includes(extension) : PICTURES.has(extension);

/** Members that may hold the sample's class. */
export const LABELS: ReadonlySet<string> = new Set(["cls", "json"]);

const isLabelNumber = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 0;

/** By extension: the class that its content says, a number or a name. */
const LABEL_READERS: Readonly<Record<string, (text: string) => string | undefined>> = {
  cls: (text) => text.trim() || undefined,
  json(text) {
    try {
      const label = (JSON.parse(text) as { label?: unknown } | null)?.label;
      return isLabelNumber(label) || (typeof label === "string" && label !== "") ? String(label) : undefined;
    } catch {
      return undefined;
    }
  },
};

export const bytesToLabel = (extension: string, bytes: Uint8Array): string | undefined =>
  LABEL_READERS[extension](Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8"));

export interface Member {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
  readonly label?: string;
  readonly digest?: Uint8Array;
}

/** The picture of a sample, with the class that another of its members says. */
export type ShardPicture = Member;

const unclear = (location: string, message: string, hint: string): GanEvalError =>
  new GanEvalError("input.shard-sample", `${message} in ${location}`, { hint });

/** Gathers members into samples, and gives the picture of each that has one. */
export class SampleGrouper {
  private readonly location: string;
  private readonly imageKeys: readonly string[] | undefined;
  private key: string | undefined;
  private members = new Map<string, Member>();

  constructor(location: string, imageKeys: readonly string[] | undefined) {
    this.location = location;
    this.imageKeys = imageKeys;
  }

  /**
   * Takes the next member; gives the picture of the sample before where that is now complete.
   * @throws GanEvalError `input.shard-sample` for an extension that a sample has twice, and for several pictures
   */
  add({ key, extension }: SampleName, member: Member): ShardPicture | undefined {
    const before = key === this.key ? undefined : this.end();
    this.key = key;
    if (this.members.has(extension))
      throw unclear(
        this.location,
        `expected each extension once in a sample, got two .${extension} of ${key}`,
        "Members of one key must stand together, and their extensions differ: pack the archive again with tar --sort=name.",
      );
    this.members.set(extension, member);
    return before;
  }

  /** Takes back a member whose data are not whole. */
  drop(extension: string): void {
    this.members.delete(extension);
  }

  /** The picture of the sample at work, which ends. */
  end(): ShardPicture | undefined {
    const { members, key } = this;
    this.members = new Map();
    this.key = undefined;
    const found = [...members.keys()].filter((extension) => isPicture(extension, this.imageKeys));
    if (found.length > 1 && this.imageKeys === undefined)
      throw unclear(
        this.location,
        `expected one image in a sample, got ${found.map((extension) => `.${extension}`).join(" and ")} of ${key}`,
        `Say which is meant: --image-key ${found[0]}`,
      );
    const [chosen] = this.imageKeys?.filter((extension) => members.has(extension)) ?? found;
    if (chosen === undefined) return undefined;
    const label = members.get("cls")?.label ?? members.get("json")?.label;
    return { ...members.get(chosen)!, ...(label !== undefined && { label }) };
  }
}

/**
 * Classes of images by their names: where every image lies in a first-level folder and there are at least two, the
 * folders, sorted by bytes, are the classes 0, 1, ...; unless a dataset.json says what the classes are.
 */
import type { Warning } from "../../errors.ts";
import { byBytes } from "../../formats/zip.ts";
import { namesToText } from "../image-notices.ts";
import type { SourceClasses } from "../source.ts";
import { type DatasetLabels, datasetToClasses } from "./dataset-json.ts";

/** Folders as StyleGAN's dataset tool fills them, a thousand images each: `00012/img00012345.png`. */
const TOOL_NAME = /^(\d{5})\/img\1\d{3}\.\w+$/;

/** What parts of a data set are called; pix2pix and CycleGAN add A and B. */
const PART = /^(train|training|val|valid|validation|test|testing|dev|eval|holdout|unlabell?ed)[-_ ]?[AB]?$/i;

const toFolder = (name: string): string => name.slice(0, Math.max(0, name.indexOf("/")));

/** Class folders, or none: the rule of this module without a dataset.json. */
function foldersToClasses(names: readonly string[]): SourceClasses {
  // Archives of macOS and folders on Linux spell accents in two ways.
  const folders = names.map((name) => toFolder(name).normalize("NFC"));
  const classNames = [...new Set(folders)].sort(byBytes);
  if (classNames.length < 2 || classNames.includes("")) return {};
  if (names.every((name) => TOOL_NAME.test(name)))
    return {
      unlabelled: "its numbered folders hold a thousand images each, as written by StyleGAN's dataset tool",
    };
  const index = new Map(classNames.map((name, i) => [name, i]));
  return {
    labels: Int32Array.from(folders, (name) => index.get(name)!),
    classNames,
    classesFrom: "folders",
  };
}

/** What names, and a dataset.json that lies with the images, say of their classes. */
export const namesToClasses = (names: readonly string[], dataset?: DatasetLabels): SourceClasses =>
  dataset ? datasetToClasses(dataset, names) : foldersToClasses(names);

/** The one folder that all files of an archive lie in, with its "/"; empty where there is none. */
export function namesToRoot(names: readonly string[]): string {
  const folder = names.length === 0 ? "" : toFolder(names[0]);
  return folder !== "" && names.every((name) => name.startsWith(`${folder}/`)) ? `${folder}/` : "";
}

/** Which folders were taken for classes, so that nobody has to guess; folders that look like parts are doubted. */
export function classFoldersToWarnings({ classNames = [], classesFrom }: SourceClasses): Warning[] {
  if (classesFrom !== "folders") return [];
  const message = `${classNames.length} classes, named by folders: ${namesToText(classNames)}`;
  if (!classNames.every((name) => PART.test(name))) return [{ code: "class-folders", message }];
  return [
    {
      code: "class-folders-are-parts",
      message: `${message}; they look like splits of a data set`,
      hint: `If they contain the class folders, give one of them: ${classNames[0]}.`,
    },
  ];
}

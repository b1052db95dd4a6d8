// The fonts that the procedural digits are drawn from. All are free (SIL OFL, CC0, or GPL with a font exception, which
// leaves drawings made with them alone); none is committed, only drawings are.
import { existsSync } from "node:fs";
import { GlobalFonts } from "@napi-rs/canvas";

const TRUETYPE = "/usr/share/fonts/truetype/";
const OPENTYPE = "/usr/share/fonts/opentype/";

/**
 * One row a Debian package. `share` is how often a drawing comes from the package, relative to the others: hands are
 * commoner than print. `without` are digits of an odd form.
 * @type {readonly { package: string, licence: string, folder: string, files: string[], share: number, without?: string }[]}
 */
export const FONT_PACKAGES = [
  {
    package: "fonts-bwht",
    licence: "OFL-1.1",
    folder: `${OPENTYPE}bwht/`,
    files: [
      "BecauseWeBuild",
      "BecauseWeConnect",
      "BecauseWeCreate",
      "BecauseWeLearn",
      "BecauseWeMentor",
      "BecauseWeOrganize",
    ].map((name) => `${name}-Regular.otf`),
    share: 6,
  },
  {
    package: "fonts-dkg-handwriting",
    licence: "OFL-1.1",
    folder: `${TRUETYPE}fifthhorseman/`,
    files: ["dkg.ttf", "dkgBd.ttf"],
    share: 2,
  },
  {
    package: "fonts-breip",
    licence: "OFL-1.0",
    folder: `${TRUETYPE}breip/`,
    files: ["breipfont.ttf"],
    share: 1,
    without: "2",
  },
  {
    package: "fonts-sjfonts",
    licence: "GPL-2 with font exception",
    folder: `${TRUETYPE}sjfonts/`,
    files: ["Delphine.ttf", "SteveHand.ttf"],
    share: 2,
    without: "1",
  },
  {
    package: "fonts-rufscript",
    licence: "GPL-3 with font exception",
    folder: `${TRUETYPE}rufscript/`,
    files: ["Rufscript010.ttf"],
    share: 1,
  },
  {
    package: "fonts-tomsontalks",
    licence: "OFL-1.1",
    folder: `${TRUETYPE}tomsontalks/`,
    files: ["TomsonTalks.ttf"],
    share: 1,
  },
  {
    package: "fonts-humor-sans",
    licence: "OFL-1.1",
    folder: `${TRUETYPE}humor-sans/`,
    files: ["Humor-Sans.ttf"],
    share: 1,
  },
  {
    package: "fonts-kristi",
    licence: "OFL-1.1",
    folder: `${TRUETYPE}kristi/`,
    files: ["Kristi.ttf"],
    share: 1,
  },
  {
    package: "fonts-klee",
    licence: "OFL-1.1",
    folder: `${TRUETYPE}klee/`,
    files: ["KleeOne-Regular.ttf"],
    share: 1,
  },
  {
    package: "fonts-yusei-magic",
    licence: "OFL-1.1",
    folder: `${TRUETYPE}yusei-magic/`,
    files: ["YuseiMagic-Regular.ttf"],
    share: 1,
  },
  {
    package: "fonts-comic-neue",
    licence: "OFL-1.1",
    folder: `${OPENTYPE}comic-neue/`,
    files: ["ComicNeue-Regular.otf", "ComicNeue-Italic.otf"],
    share: 2,
  },
  {
    package: "fonts-tlwg-purisa",
    licence: "GPL-2 with font exception",
    folder: `${TRUETYPE}tlwg/`,
    files: ["Purisa.ttf", "Purisa-Oblique.ttf"],
    share: 2,
  },
  {
    package: "fonts-dancingscript",
    licence: "OFL-1.1",
    folder: `${OPENTYPE}dancingscript/`,
    files: ["DancingScript-Regular.otf"],
    share: 1,
  },
  {
    package: "fonts-dejavu-core",
    licence: "Bitstream Vera",
    folder: `${TRUETYPE}dejavu/`,
    files: ["DejaVuSans.ttf"],
    share: 0.5,
  },
  {
    package: "fonts-liberation",
    licence: "GPL-2 with font exception",
    folder: `${TRUETYPE}liberation/`,
    files: ["LiberationSans-Regular.ttf"],
    share: 0.5,
  },
  {
    package: "fonts-freefont-ttf",
    licence: "GPL-3 with font exception",
    folder: `${TRUETYPE}freefont/`,
    files: ["FreeSerifItalic.ttf"],
    share: 0.5,
  },
];

/**
 * Makes the fonts known to the canvas.
 * @returns {{ family: string, share: number, without: string }[]}
 */
export function registerFonts() {
  const fonts = FONT_PACKAGES.flatMap((row) =>
    row.files.map((file) => ({
      path: row.folder + file,
      family: `digits ${file}`,
      share: row.share / row.files.length,
      without: row.without ?? "",
    })),
  );
  const absent = fonts.filter((font) => !existsSync(font.path));
  if (absent.length > 0)
    throw new Error(
      `expected the fonts ${absent.map((font) => font.path).join(", ")}; install them with: apt-get install ` +
        FONT_PACKAGES.map((row) => row.package).join(" "),
    );
  for (const font of fonts) GlobalFonts.registerFromPath(font.path, font.family);
  return fonts;
}

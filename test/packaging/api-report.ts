/** The library's exported names and their declarations, as `tsc --declaration` writes them. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../..");

/** What people import, and the file that says what it exports. */
export const ENTRIES: Readonly<Record<string, string>> = {
  "gan-eval": "index",
  "gan-eval/metrics": "metrics",
  "gan-eval/engine": "engine",
  "gan-eval/train": "train",
};

/** A name of a declaration file: where it is declared, under which name there, and the text. */
export interface Declared {
  readonly file: string;
  readonly name: string;
  readonly text: string;
}

interface Module {
  /** Local names to what they are elsewhere. */
  readonly imports: ReadonlyMap<string, { readonly file: string; readonly name: string }>;
  readonly exports: ReadonlyMap<string, { readonly file: string; readonly name: string }>;
  readonly own: ReadonlyMap<string, string>;
}

const START =
  /^(?:export )?(?:declare )?(?:abstract )?(?:function\*?|const|let|interface|type|class|enum) ([A-Za-z_$][\w$]*)/;

/** Comments of declarations are kept: a default that stands in one is part of what is promised. */
function textToOwn(text: string): Map<string, string> {
  const own = new Map<string, string>();
  let comment: string[] = [];
  let open: { name: string; lines: string[] } | undefined;
  const close = (): void => {
    if (open) own.set(open.name, open.lines.join("\n").trimEnd());
    open = undefined;
  };
  for (const line of text.split("\n")) {
    if (line.startsWith("/**")) {
      close();
      comment = [line];
    } else if (open === undefined && comment.length > 0 && line.startsWith(" *")) comment.push(line);
    else if (START.test(line)) {
      close();
      open = { name: START.exec(line)![1], lines: [...comment, line] };
      comment = [];
    } else if (/^(import|export) /.test(line)) {
      close();
      comment = [];
    } else open?.lines.push(line);
  }
  close();
  return own;
}

/** `a as b, type C` to pairs of the name there and the name here. */
const listToNames = (list: string): [string, string][] =>
  list
    .split(",")
    .map((part) => part.trim().replace(/^type /, ""))
    .filter((part) => part !== "")
    .map((part): [string, string] => {
      const [there, here = there] = part.split(" as ");
      return [there, here];
    });

export class Declarations {
  private readonly folder = mkdtempSync(path.join(tmpdir(), "gan-eval-api-"));
  private readonly modules = new Map<string, Module>();

  constructor() {
    const tsc = path.join(root, "node_modules/typescript/bin/tsc");
    const options = ["--outDir", this.folder, "--declaration", "--emitDeclarationOnly"];
    const ran = spawnSync(process.execPath, [tsc, "-p", path.join(root, "tsconfig.build.json"), ...options]);
    if (ran.status !== 0) throw new Error(`${ran.stdout}${ran.stderr}`);
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true });
  }

  module(file: string): Module {
    const known = this.modules.get(file);
    if (known) return known;
    const text = readFileSync(path.join(this.folder, `${file}.d.ts`), "utf8");
    const imports = new Map<string, { file: string; name: string }>();
    const exports = new Map<string, { file: string; name: string }>();
    const resolve = (from: string): string =>
      path.posix.join(path.posix.dirname(file), from.replace(/\.(js|ts)$/, ""));
    for (const [, word, list, from] of text.matchAll(
      /^(import|export) (?:type )?\{([^}]*)\} from "([^"]+)"/gm,
    ))
      for (const [there, here] of listToNames(list))
        if (from.startsWith("."))
          (word === "import" ? imports : exports).set(here, { file: resolve(from), name: there });
    for (const [, namespace, from] of text.matchAll(/^export \* as (\w+) from "(\.[^"]+)"/gm))
      for (const [name, at] of this.module(resolve(from)).exports) exports.set(`${namespace}.${name}`, at);
    const own = textToOwn(text);
    for (const [name, declared] of own) if (/^export /m.test(declared)) exports.set(name, { file, name });
    const module = { imports, exports, own };
    this.modules.set(file, module);
    return module;
  }

  /** Follows re-exports to the declaration. */
  find(file: string, name: string): Declared | undefined {
    const { own, exports, imports } = this.module(file);
    const text = own.get(name);
    if (text !== undefined) return { file, name, text };
    const next = exports.get(name) ?? imports.get(name);
    return next && this.find(next.file, next.name);
  }

  /** Names that an entry exports, sorted. */
  exported(entry: string): Map<string, Declared> {
    const names = [...this.module(entry).exports];
    const found = names.map(([name, at]) => [name, this.find(at.file, at.name)] as const);
    return new Map(
      found
        .flatMap(([name, declared]) => (declared ? [[name, declared] as const] : []))
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  }

  /** Names in a declaration that are declared by this package. */
  named({ file, name, text }: Declared): Declared[] {
    const code = text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(?<!import\()"[^"]*"/g, '""');
    const { own, imports } = this.module(file);
    const words = new Set(code.match(/(?<![.\w$])[A-Za-z_$][\w$]*(?!\??:)/g) ?? []);
    const local = [...words]
      .filter((word) => word !== name && (own.has(word) || imports.has(word)))
      .flatMap((word) => this.find(file, word) ?? []);
    const inline = [...text.matchAll(/import\("(\.[^"]+)"\)\.(\w+)/g)].flatMap(
      ([, from, word]) =>
        this.find(path.posix.join(path.posix.dirname(file), from.replace(/\.(js|ts)$/, "")), word) ?? [],
    );
    return [...local, ...inline];
  }
}

const toKey = ({ file, name }: Declared): string => `${file}#${name}`;

const isType = ({ text }: Declared): boolean =>
  /^(?:export )?(?:declare )?(?:abstract )?(?:interface|type|class) /m.test(text);

/** The private types of its file that a declaration names: they are printed with it. */
function declaredToPrivate(declarations: Declarations, declared: Declared): Declared[] {
  const found = new Map<string, Declared>();
  const visit = (from: Declared): void => {
    for (const each of declarations.named(from))
      if (isType(each) && !declarations.module(each.file).exports.has(each.name) && !found.has(toKey(each))) {
        found.set(toKey(each), each);
        visit(each);
      }
  };
  visit(declared);
  return [...found.values()];
}

/** Types that exported declarations name, that their files export and that no entry does, and who names them. */
export function declarationsToHidden(declarations: Declarations): string[] {
  const entries = Object.values(ENTRIES).map((entry) => declarations.exported(entry));
  const shown = new Set(entries.flatMap((of) => [...of.values()].map(toKey)));
  const hidden = entries.flatMap((of) =>
    [...of.values()].flatMap((declared) =>
      [declared, ...declaredToPrivate(declarations, declared)]
        .flatMap((from) => declarations.named(from))
        .filter((each) => isType(each) && !shown.has(toKey(each)))
        .filter((each) => declarations.module(each.file).exports.has(each.name))
        .map((each) => `${toKey(each)} (named by ${declared.name})`),
    ),
  );
  return [...new Set(hidden)].sort();
}

/** What functions are told, and not what they work on. */
const IS_OPTIONS = /(Options|Request|Choices|Watch|SweepPlan)$/;
/** A field that may be left out, and the comment before it. */
const OPTIONAL_FIELD = /(\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)? {4}readonly (\w+)\?:/g;

/** Fields that a caller may leave out and whose comment does not say what then holds, as `Type.field`. */
export function declarationsToUnsaidDefaults(declarations: Declarations): string[] {
  const found = new Map<string, Declared>();
  const visit = (from: Declared): void => {
    for (const each of declarations.named(from))
      if (IS_OPTIONS.test(each.name) && isType(each) && !found.has(toKey(each))) {
        found.set(toKey(each), each);
        visit(each);
      }
  };
  for (const entry of Object.values(ENTRIES))
    for (const declared of declarations.exported(entry).values())
      if (/^export declare (function|const \w+: (<.*>)?\()/m.test(declared.text)) visit(declared);
  return [...found.values()].flatMap(({ name, text }) =>
    [...text.matchAll(OPTIONAL_FIELD)]
      .filter(([, comment]) => !/default/i.test(comment ?? ""))
      .map(([, , field]) => `${name}.${field}`),
  );
}

/** Tables of many rows are what their other pages list. */
const MOST_LINES = 60;

function toPrinted(declared: Declared): string {
  const lines = declared.text.split("\n");
  if (isType(declared) || lines.length <= MOST_LINES) return declared.text;
  return [...lines.slice(0, MOST_LINES), `// and ${lines.length - MOST_LINES} more lines of rows`].join("\n");
}

/** docs/api.md. A declaration that several entries export is printed with the first. */
export function declarationsToReport(declarations: Declarations): string {
  const printed = new Map<string, string>();
  const parts = Object.entries(ENTRIES).map(([specifier, entry]) => {
    const elsewhere: string[] = [];
    const texts: string[] = [];
    for (const [name, declared] of declarations.exported(entry)) {
      const at = printed.get(toKey(declared));
      if (at !== undefined) elsewhere.push(`\`${name}\` (${at})`);
      else {
        printed.set(toKey(declared), specifier);
        const renamed = name === declared.name ? "" : `/** Exported as \`${name}\`. */\n`;
        const own = declaredToPrivate(declarations, declared).map(toPrinted);
        texts.push(
          `### ${name}\n\n\`\`\`ts\n${[renamed + toPrinted(declared), ...own].join("\n\n")}\n\`\`\``,
        );
      }
    }
    const also = elsewhere.length === 0 ? "" : `Also: ${elsewhere.join(", ")}.\n\n`;
    return `## ${specifier}\n\n${also}${texts.join("\n\n")}\n`;
  });
  return `# API\n\nWhat the package exports, as its declarations say it. A test holds this file to them; [library.md](library.md)\nshows how it is used.\n\n${parts.join("\n")}`;
}

/** The table of commands. */
import { CLASS_ROWS } from "../evaluate/classes/options.ts";
import { COMPARED_OPTION_NAMES } from "../evaluate/compared/option-rows.ts";
import { COMPUTATION_ROWS } from "../evaluate/option-rows.ts";
import { FILE_ROWS } from "../evaluate/sides/options.ts";
import { READING_ROWS } from "../images/reading-options.ts";
import { tableToNames } from "../options/table.ts";
import { type CommandRow, command } from "./command.ts";
import { WORKER_OPTIONS } from "./commands/queue/worker-options.ts";
import { SWEEP_COMMAND_OPTIONS } from "./commands/sweep/sweep-options.ts";
import { TRAIN_MOST_USED, TRAIN_OPTIONS } from "./commands/train/request.ts";
import { QUEUED_MEASUREMENT } from "./extract-first.ts";
import { EXTRACTOR_OPTIONS } from "./options/extractor.ts";
import { METRIC_PARAMETER_NAMES } from "./options/metric-parameters.ts";

const IMAGES = [...tableToNames(READING_ROWS), ...tableToNames(FILE_ROWS)] as const;
const EXTRACTOR = tableToNames(EXTRACTOR_OPTIONS);
const FEATURES = ["extractor", "featureEnd", "resize", ...EXTRACTOR] as const;
const SCORE = ["logitsEnd", "splits", "shuffle", "seed"] as const;
const CLASSES = tableToNames(CLASS_ROWS);
/** What makes a figure readable: how sure it is, and where zero lies. */
const UNCERTAINTY = ["compat", "ci", "floor"] as const;
const QUEUE_ACCESS = ["queue", "queueCa", "queueInsecure"] as const;
const COMPUTATION = tableToNames(COMPUTATION_ROWS);
/** How `check` and its baseline are measured; images are named beside. */
const SEEDS = [
  "heldOut",
  ...IMAGES,
  ...FEATURES,
  "compat",
  ...CLASSES,
  ...SCORE,
  "ddof",
  ...COMPARED_OPTION_NAMES,
  ...METRIC_PARAMETER_NAMES,
  ...COMPUTATION,
] as const;
/** With what a generator computes. */
const GENERATOR = ["batchSize", "engine", "device", "threads", "selfCheck"] as const;

/** Every command, in the order of the help page. A new one is a file in commands/ and a row here. */
export const COMMANDS: Readonly<Record<string, CommandRow>> = {
  demo: command({
    summary: "score three sets of fake digits and train a GAN for a minute, without any download",
    examples: [
      { line: "gan-eval demo", does: "a score table with an explanation" },
      { line: "gan-eval demo --rounds 0", does: "no training; takes seconds" },
    ],
    options: ["demoRounds", ...GENERATOR],
    load: () => import("./commands/demo.ts"),
  }),
  train: command({
    summary: "train a GAN into a folder: losses, samples, scores, checkpoints",
    description:
      "Models are those of PyTorch-GAN and others, by name (docs/models.md); each option changes one thing about a model. The flags of the PyTorch-GAN scripts work, with underscores or dashes. Ctrl-C saves the run; --resume continues it to the same bytes.",
    examples: [
      { line: "gan-eval train", does: "the classic GAN on built-in digits, into runs/gan-1" },
      {
        line: "gan-eval train --data ./mnist --model wgan_gp --eval-every 1000",
        does: "MNIST, evaluated during training",
      },
      {
        line: "gan-eval train --data ring --model gan --packing 2 --rounds 5000",
        does: "a ring of eight modes, in seconds",
      },
      { line: "gan-eval train --resume runs/gan-1", does: "continue an interrupted run" },
      {
        line: "gan-eval train --model dcgan --dry-run",
        does: "print layers, memory and time without training",
      },
    ],
    options: TRAIN_OPTIONS,
    mostUsed: TRAIN_MOST_USED,
    load: () => import("./commands/train.ts"),
  }),
  sweep: command({
    summary: "train many runs, several at a time: models, learning rates, other options, seeds",
    description:
      "Runs form a grid, or are drawn with --random. The folder holds scores.csv and one folder per run, named after its options. The same command continues where it stopped: finished runs are kept, interrupted runs are resumed, failures are recorded. A wider sweep into the same folder trains only the new runs. Every option of `gan-eval train` applies to all runs (docs/learning-rates.md).",
    examples: [
      {
        line: "gan-eval sweep --model gan,wgan_gp --lr 1e-5..1e-2 --points 7 --seeds 3 --data ring --rounds 2000",
        does: "42 runs on toy data, in minutes",
      },
      {
        line: "gan-eval sweep --random 50 --lr 1e-5..1e-2 --vary b1=0..1 --vary discriminator-steps=1,5 --seeds 1",
        does: "50 random draws, as in published studies",
      },
      {
        line: "gan-eval sweep --lr 1e-5..1e-2 --data ring --out /shared/sweep --part 3/16",
        does: "one of 16 shares, on any machine (docs/cluster.md)",
      },
    ],
    options: SWEEP_COMMAND_OPTIONS,
    mostUsed: [
      "sweepModels",
      "sweepRates",
      "vary",
      "points",
      "random",
      "seeds",
      "jobs",
      "data",
      "rounds",
      "sweepOut",
    ],
    load: () => import("./commands/sweep.ts"),
  }),
  worker: command({
    summary: "train runs from a queue, for sweeps on many machines",
    description:
      "Takes runs that `gan-eval sweep --queue` added, and trains each in a process of its own. Start one on every machine, in the folder that all share, or with --root. On SIGTERM and Ctrl-C runs are saved and go to another worker at once; after a crash another worker goes on from the last checkpoint. Exit codes: 2 for a wrong address or password, 3 where the server or this machine fails, 130 when interrupted (docs/queue.md).",
    examples: [
      { line: "gan-eval worker --queue redis://127.0.0.1:6379", does: "one run per core, until Ctrl-C" },
      {
        line: "gan-eval worker --queue @queue.txt --root /data --exit-when-empty --max-time 3h50m",
        does: "in a batch job with a time limit",
      },
    ],
    options: WORKER_OPTIONS,
    required: ["queue"],
    load: () => import("./commands/worker.ts"),
  }),
  "queue status": command({
    summary: "show what waits, who works and what failed",
    examples: [
      { line: "gan-eval queue status --queue redis://127.0.0.1:6379", does: "jobs, workers and failures" },
      { line: "gan-eval queue status --json", does: "of the queue in GAN_EVAL_QUEUE, for a program" },
    ],
    options: QUEUE_ACCESS,
    required: ["queue"],
    load: () => import("./commands/queue-status.ts"),
  }),
  "queue retry": command({
    summary: "let failed runs wait again",
    description: "Runs that ended by themselves, as by divergence, have not failed in this sense.",
    examples: [{ line: "gan-eval queue retry sweeps/gan", does: "the failed runs of a sweep" }],
    args: [
      {
        name: "name...",
        summary: "sweeps or runs as queue status names them (default: all)",
        optional: true,
      },
    ],
    options: QUEUE_ACCESS,
    required: ["queue"],
    load: () => import("./commands/queue-retry.ts"),
  }),
  "queue cancel": command({
    summary: "stop runs: those at work are saved, those that wait are not begun",
    description:
      "A sweep that is still watched records them as stopped. The same sweep command begins them again.",
    examples: [{ line: "gan-eval queue cancel sweeps/gan", does: "all runs of a sweep" }],
    args: [
      {
        name: "name...",
        summary: "sweeps or runs as queue status names them (default: all)",
        optional: true,
      },
    ],
    options: QUEUE_ACCESS,
    required: ["queue"],
    load: () => import("./commands/queue-cancel.ts"),
  }),
  "queue drain": command({
    summary: "remove what waits, and what is kept of ended runs; runs at work go on",
    description:
      "Folders and scores stay as they are. A sweep that is still watched adds its runs again: cancel them instead.",
    examples: [{ line: "gan-eval queue drain", does: "before the server is given to somebody else" }],
    args: [
      {
        name: "name...",
        summary: "sweeps or runs as queue status names them (default: all)",
        optional: true,
      },
    ],
    options: QUEUE_ACCESS,
    required: ["queue"],
    load: () => import("./commands/queue-drain.ts"),
  }),
  "queue migrate": command({
    summary: "make the tables of a queue in PostgreSQL, once per database and version",
    examples: [
      {
        line: "gan-eval queue migrate --queue postgres://ann@db.example/jobs",
        does: "in the schema ganeval",
      },
    ],
    options: QUEUE_ACCESS,
    required: ["queue"],
    load: () => import("./commands/queue-migrate.ts"),
  }),
  runs: command({
    summary: "list runs and sweeps: state, progress, best score, verdict",
    description:
      "Looks into each folder, the folders in it and those in them. Damaged folders are listed with the reason. The verdict is the worst that was warned of during training; `gan-eval diagnose` judges a whole run.",
    examples: [
      { line: "gan-eval runs", does: "those in runs and sweeps, the latest changed first" },
      { line: "gan-eval runs experiments --json", does: "those of another folder, for a program" },
    ],
    args: [{ name: "folder...", summary: "where to look (default: runs and sweeps)", optional: true }],
    options: [],
    load: () => import("./commands/runs.ts"),
  }),
  lab: command({
    summary: "open a local page: runs and sweeps while they train, and a plane on which two networks learn",
    description:
      "The page lists the runs in these folders (by default runs and sweeps), and shows each with the charts, samples and verdicts of its report, as they grow. Beside them stands the plane: two networks learn points before your eyes, with tours that explain it (docs/plane.md). The page is served to this machine only, and to whoever has the printed address. It goes on until Ctrl-C (docs/lab.md).",
    examples: [
      { line: "gan-eval lab", does: "all in runs and sweeps; prints an address" },
      { line: "gan-eval lab ./experiments --port 8123 --open", does: "another folder, in the browser" },
      { line: "gan-eval lab --open --scene two-players", does: "begin with a tour of the plane" },
    ],
    args: [{ name: "folder...", summary: "folders of runs and sweeps", optional: true }],
    options: ["port", "open", "scene", "readOnly"],
    load: () => import("./commands/lab.ts"),
  }),
  stop: command({
    summary: "ask runs in progress to save and stop, from another terminal or machine",
    description:
      "The run plays its round to the end, saves and ends, as with Ctrl-C. It is asked through a file in its folder, which it looks for every second, so it may be on any machine that shares the folder. The folder of a sweep stops the sweep and all its runs; the folder of one of its runs stops that run, and the sweep goes on with the others.",
    examples: [
      { line: "gan-eval stop runs/gan-1", does: "stop, and wait until it is saved" },
      { line: "gan-eval stop runs/*", does: "all that are in progress" },
      { line: "gan-eval stop sweeps/gan --no-wait", does: "a sweep, without waiting" },
    ],
    args: [{ name: "run...", summary: "folders of runs or sweeps in progress" }],
    options: ["wait"],
    load: () => import("./commands/stop.ts"),
  }),
  compare: command({
    summary: "compare runs or results: a ranked table, differences, safe learning rates",
    description:
      "Runs that differ only in their seed share one line, with median and range. Diverged runs are counted and rank last. Different data or protocols are refused, unless --force is given. Differences between results need --ci.",
    examples: [
      { line: "gan-eval compare sweeps/gan-digits", does: "compare the runs of a sweep" },
      { line: "gan-eval compare runs/* --metric fid --csv", does: "all runs, as CSV" },
      {
        line: "gan-eval compare a.json b.json --baseline a.json",
        does: "two results from `gan-eval metrics --out`",
      },
    ],
    args: [{ name: "what...", summary: "run folders, a folder of runs, or result files (.json)" }],
    options: ["compareMetric", "compareBaseline", "at", "groupBy", "compareForce"],
    load: () => import("./commands/compare.ts"),
  }),
  report: command({
    summary: "write one page about a run, a result, or several: verdicts, scores, charts, samples",
    description:
      "The page makes no network requests and works without JavaScript. For a run it shows verdicts, losses, scores, gradients, samples by round next to real ones and nearest neighbours, and for 2-D points a film of both networks. For a result it shows scores and classes; for several runs, a sweep or several results, their comparison (docs/reports.md).",
    examples: [
      { line: "gan-eval report runs/gan-1 --out report.html", does: "a run" },
      {
        line: "gan-eval report sweeps/gan --out sweep.html --png charts --md summary.md",
        does: "a sweep, with charts as PNG and a summary in Markdown",
      },
      {
        line: "gan-eval report result.json --out result.html",
        does: "a result from `gan-eval metrics --out`",
      },
    ],
    args: [{ name: "what...", summary: "run folders, a folder of runs, or result files (.json)" }],
    options: [
      ...(["reportOut", "reportPng", "reportMd"] as const),
      ...(["compareMetric", "compareBaseline", "at", "groupBy", "compareForce"] as const),
    ],
    required: ["reportOut"],
    load: () => import("./commands/report.ts"),
  }),
  fid: command({
    summary: "Frechet Inception Distance between two image sets",
    description:
      "Each side is images, features or statistics: npz, npy, .pt and .pkl files written by gan-eval stats, pytorch-fid, clean-fid, TTUR, ADM, dgm-eval, StudioGAN, torch-fidelity, StyleGAN and EDM2. With statistics on both sides no network is loaded.",
    examples: [
      { line: "gan-eval fid --real ./mnist --fake ./images", does: "two folders" },
      {
        line: "gan-eval fid --real real.npz --fake ./images --json",
        does: "precomputed statistics; JSON output",
      },
      {
        line: "gan-eval fid --real ./mnist --fake ./images --extractor digits",
        does: "28x28 digits, with the built-in digits network",
      },
    ],
    options: [
      "real",
      "fake",
      "heldOut",
      ...IMAGES,
      ...FEATURES,
      ...UNCERTAINTY,
      "seed",
      "ddof",
      ...COMPUTATION,
      ...QUEUED_MEASUREMENT,
    ],
    required: ["real", "fake"],
    load: () => import("./commands/fid.ts"),
  }),
  is: command({
    summary: "Inception Score of generated images",
    examples: [
      { line: "gan-eval is --fake ./images", does: "mean and standard deviation over 10 splits" },
      { line: "gan-eval is --fake ./images --splits 1 --csv", does: "one split; CSV output" },
    ],
    options: [
      "fake",
      ...IMAGES,
      "extractor",
      "resize",
      ...EXTRACTOR,
      "compat",
      "ci",
      ...SCORE,
      ...COMPUTATION,
    ],
    required: ["fake"],
    load: () => import("./commands/is.ts"),
  }),
  metrics: command({
    summary: "compute several metrics in one pass over the images",
    examples: [
      {
        line: "gan-eval metrics --metrics fid,is --real ./mnist --fake ./images --out scores.json",
        does: "FID and Inception Score; saves the result",
      },
      {
        line: "gan-eval metrics --metrics fid,kid,pr,dc --real ./mnist --fake ./images --extractor digits --ci --floor",
        does: "with confidence intervals and a real-vs-real floor",
      },
      {
        line: "gan-eval metrics --paired --metrics l1,psnr,ssim,kid --real ./truth --fake ./zebras",
        does: "image by image, matched by name, and as sets",
      },
    ],
    options: [
      "metrics",
      "real",
      "fake",
      "heldOut",
      ...IMAGES,
      ...FEATURES,
      ...UNCERTAINTY,
      ...CLASSES,
      ...COMPARED_OPTION_NAMES,
      "perImage",
      ...SCORE,
      "ddof",
      ...METRIC_PARAMETER_NAMES,
      ...COMPUTATION,
      ...QUEUED_MEASUREMENT,
    ],
    mostUsed: ["metrics", "real", "fake", "extractor", "compat", "ci", "floor"],
    required: ["fake"],
    load: () => import("./commands/metrics.ts"),
  }),
  check: command({
    summary: "nightly gate: measure, compare with a committed baseline, exit 1 on a regression",
    description:
      "A rule fails only if the value exceeds its limit by more than chance explains: all rules together raise a false alarm in at most 1 % of nights. Exit code 1 means that a rule of level error failed, 3 that nothing could be measured, never the other way round. Write rules in the config file under check (docs/check.md), or as flags. The metrics they name are measured, in addition to those of --metrics.",
    examples: [
      {
        line: "gan-eval check --config gan-eval.config.json",
        does: "images, baseline and rules from the config file",
      },
      {
        line: "gan-eval check --real real.npz --fake night-1,night-2,night-3 --baseline baseline.json --max-worse fid=5%,recall=5%",
        does: "three seeds in one check",
      },
      {
        line: "gan-eval check --result scores.json --max fid=25 --junit check.xml --annotations --step-summary",
        does: "an existing result, with reports for CI",
      },
    ],
    options: [
      ...(["fakes", "results", "real", "metrics", "baseline", "history", "rules"] as const),
      ...(["max", "min", "maxIncrease", "maxDecrease", "maxWorse", "level", "driftNights", "force"] as const),
      ...(["junit", "annotations", "stepSummary"] as const),
      ...SEEDS,
      ...QUEUED_MEASUREMENT,
    ],
    mostUsed: ["fakes", "results", "real", "baseline", "history", "max", "min", "maxWorse", "level"],
    load: () => import("./commands/check.ts"),
  }),
  "baseline update": command({
    summary: "measure the baseline of `gan-eval check` and show the changes",
    description:
      "Options under check in the config file apply here too, so both commands measure the same way.",
    examples: [
      {
        line: "gan-eval baseline update --config gan-eval.config.json --dry-run",
        does: "show the changes, write nothing",
      },
      {
        line: "gan-eval baseline update --baseline baseline.json --real real.npz --fake night-1,night-2 --metrics fid,pr",
        does: "from two seeds",
      },
    ],
    options: ["fakes", "results", "real", "metrics", "baseline", "rules", "baselineDryRun", ...SEEDS],
    mostUsed: ["fakes", "results", "real", "metrics", "baseline", "baselineDryRun"],
    configOf: "check",
    required: ["baseline"],
    load: () => import("./commands/baseline-update.ts"),
  }),
  diagnose: command({
    summary:
      "find out what is wrong with a run or with generated images: collapse, copies, vanishing gradients, ...",
    description:
      "A run is judged by its records, images by two sets alone. Each verdict comes with its numbers, their thresholds and sources, and advice (docs/diagnosis.md). The exit code is 0 whatever is found, unless --fail-on is given.",
    examples: [
      { line: "gan-eval diagnose runs/gan-1", does: "a run, finished or still training" },
      {
        line: "gan-eval diagnose --real ./mnist --fake ./images --extractor digits",
        does: "images from any source",
      },
      { line: "gan-eval diagnose runs/gan-1 --fail-on failure", does: "exit code 1 on any failure" },
    ],
    args: [{ name: "run", summary: "run folder; without it, give --real and --fake", optional: true }],
    options: [
      ...(["real", "fake", "heldOut", "failOn"] as const),
      ...IMAGES,
      ...FEATURES,
      "seed",
      ...COMPUTATION,
    ],
    load: () => import("./commands/diagnose.ts"),
  }),
  stats: command({
    summary: "write the mean and covariance of an image set to a file that replaces it",
    description:
      "The extension of --out, or --stats-format, selects the program: npz for gan-eval, pytorch-fid, clean-fid and TTUR, or with spatial statistics for ADM; .pkl for StyleGAN and EDM2. Feature formats keep one row per image: .npy, npz for gan-eval and dgm-eval, .pt for torch-fidelity. Every format is also read wherever images are. With --part several machines share the work, and --collect gives the bytes that one of them would have written.",
    examples: [
      { line: "gan-eval stats --images ./mnist --out real.npz", does: "compute once, compare many times" },
      { line: "gan-eval fid --real real.npz --fake ./images", does: "score against it" },
      {
        line: "gan-eval stats --images ./faces --stats-format edm2 --out faces.pkl",
        does: "for EDM2's calculate_metrics.py",
      },
      {
        line: "gan-eval stats --images ./million --out real.npz --part 3/16",
        does: "one of 16 tasks (docs/statistics.md)",
      },
      { line: "gan-eval stats --images ./million --out real.npz --collect", does: "join what they left" },
      {
        line: "gan-eval stats --images ./million --out real.npz --queue redis://127.0.0.1:6379",
        does: "by the workers of a queue (docs/queue.md)",
      },
    ],
    options: [
      ...(["images", ...IMAGES, ...FEATURES, "ddof", ...COMPUTATION] as const),
      ...(["statisticsOut", "statsFormat", "statisticsPart", "statisticsCollect", "work"] as const),
      ...QUEUED_MEASUREMENT,
    ],
    required: ["images", "statisticsOut"],
    load: () => import("./commands/stats.ts"),
  }),
  "stats merge": command({
    summary: "merge the statistics of the parts of an image set",
    description:
      "The result is exact, as if all images had been measured at once, whatever the sizes of the parts. Each file needs its count and ddof, which gan-eval, StyleGAN and EDM2 write; features work too. With a single file it converts the format.",
    examples: [
      { line: "gan-eval stats merge a.npz b.npz --out all.npz", does: "merge two parts" },
      { line: "gan-eval stats merge faces.pkl --out faces.npz", does: "convert a StyleGAN file to npz" },
    ],
    args: [{ name: "file...", summary: "statistics or features of parts without common images" }],
    options: ["extractor", "ddof", "statisticsOut", "statsFormat"],
    required: ["statisticsOut"],
    load: () => import("./commands/stats-merge.ts"),
  }),
  generate: command({
    summary: "generate images with a run's generator",
    description:
      "Latents are drawn from the seed: the same run, checkpoint and seed give the same images. Runs on toy data give points, for a .npy, .npz or .csv file.",
    examples: [
      { line: "gan-eval generate --run runs/gan-1 --out fakes", does: "10,000 images in a folder" },
      {
        line: "gan-eval generate --run runs/cgan-1 --classes balanced --n 50000 --out fakes.npz",
        does: "an equal number of each class, in one file",
      },
      { line: "gan-eval fid --real ./mnist --fake fakes", does: "score them" },
    ],
    options: ["run", "checkpoint", "n", "seed", "classes", ...GENERATOR, "imagesOut", "overwrite"],
    required: ["run", "imagesOut"],
    load: () => import("./commands/generate.ts"),
  }),
  translate: command({
    summary: "make images of images with a run of a model that translates, enlarges or completes them",
    description:
      "Each image is written under its own name, as .png. Images are brought to the size and channels of the run's data as its held-out images were: made to cover the size, cut to the middle. Holes are in the middle. Codes that a maker draws come from the seed: one code for each of the --variants, the same for all images. The folder is written whole or not at all.",
    examples: [
      {
        line: "gan-eval translate --run runs/cyclegan-1 --maker a-to-b --in ./holiday --out ./zebras",
        does: "every image of a folder",
      },
      {
        line: "gan-eval translate --run runs/bicyclegan-1 --in ./edges --variants 5 --out ./shoes --page shoes.html",
        does: "five of each, and a page that shows them",
      },
      {
        line: "gan-eval translate --run runs/stargan-1 --in face.jpg --set Black_Hair=1,Male=0 --out ./faces",
        does: "one image, with the attributes asked for",
      },
    ],
    options: [
      ...(["run", "checkpoint", "maker", "in", "translatedSize", "variants", "set", "runModule"] as const),
      "seed",
      ...(["limit", "onError", "imageKey"] as const),
      ...GENERATOR,
      ...(["translationsOut", "translationsPage", "overwrite"] as const),
    ],
    required: ["run", "in", "translationsOut"],
    load: () => import("./commands/translate.ts"),
  }),
  interpolate: command({
    summary: "write a latent-interpolation grid",
    description:
      "Each row goes from one random latent to another. A smooth path between sharp images suggests that the generator has learned more than its examples. A conditional generator keeps one class per row. --out is a .png file; for runs on toy data also a .csv file.",
    examples: [
      { line: "gan-eval interpolate --run runs/gan-1 --out paths.png", does: "8 paths of 8 steps" },
      {
        line: "gan-eval interpolate --run runs/toy-1 --paths 20 --steps 50 --out paths.csv",
        does: "of toy data: points, as an image or CSV",
      },
    ],
    options: [
      ...(["run", "checkpoint", "paths", "steps", "interpolation", "seed", "classes"] as const),
      ...GENERATOR,
      "pathsOut",
      "overwrite",
    ],
    required: ["run", "pathsOut"],
    load: () => import("./commands/interpolate.ts"),
  }),
  export: command({
    summary: "export a run's generator, or what it makes of images, as an ONNX file or a tensorflow.js model",
    description:
      "The model takes any number of latents at a time (and one-hot labels, if it is conditional), and returns images as height, width, channels with values in [-1, 1]. Of a run of a model that translates images it is one of its makers, which takes images of the size of the run's data, or of --img-size. The file says so too.",
    examples: [
      { line: "gan-eval export --run runs/gan-1 --to onnx --out gan.onnx", does: "for any ONNX runtime" },
      { line: "gan-eval export --run runs/gan-1 --to tfjs --out model", does: "for a web page" },
      {
        line: "gan-eval export --run runs/cyclegan-1 --maker a-to-b --to onnx --out zebras.onnx",
        does: "a translator",
      },
    ],
    options: ["run", "checkpoint", "maker", "translatedSize", "to", "exportOut", "overwrite"],
    required: ["run", "to", "exportOut"],
    load: () => import("./commands/export.ts"),
  }),
  "list-metrics": command({
    summary: "list the metrics with their definitions and defaults",
    examples: [{ line: "gan-eval list-metrics", does: "a table" }],
    options: [],
    load: () => import("./commands/list-metrics.ts"),
  }),
  "list-models": command({
    summary: "list the models that train knows, and what each is made of",
    examples: [
      { line: "gan-eval list-models", does: "one line per model" },
      { line: "gan-eval list-models --md", does: "with losses, penalties, networks, ... (docs/models.md)" },
      { line: "gan-eval list-models --json", does: "all settings of each model" },
    ],
    options: [],
    load: () => import("./commands/list-models.ts"),
  }),
  "inception import": command({
    summary: "install the Inception network from a file",
    examples: [
      { line: "gan-eval inception import inception-2015-12-05.tgz", does: "the original FID network" },
      {
        line: "gan-eval inception import pt_inception-2015-12-05-6726825d.pth",
        does: "pytorch-fid's port of it",
      },
    ],
    args: [{ name: "file", summary: ".tgz, .pb, .pth or .safetensors file, or a tfjs model folder" }],
    options: ["cacheDir"],
    load: () => import("./commands/inception-import.ts"),
  }),
  "inception download": command({
    summary: "download the official Inception network and install it",
    examples: [{ line: "gan-eval inception download", does: "about 90 MB; an interrupted download resumes" }],
    options: ["cacheDir"],
    load: () => import("./commands/inception-download.ts"),
  }),
  "inception info": command({
    summary: "show which Inception network is installed, and where",
    examples: [{ line: "gan-eval inception info --json", does: "source, checksums, layers" }],
    options: ["cacheDir"],
    load: () => import("./commands/inception-info.ts"),
  }),
  "network list": command({
    summary: "list the pretrained networks: what is installed, sizes, licences",
    description:
      "Verified: a file has been held to the pinned sha256, here or by the authors of gan-eval. The others are held to it when they are downloaded or imported (docs/networks.md).",
    examples: [{ line: "gan-eval network list", does: "a table" }],
    options: ["cacheDir"],
    load: () => import("./commands/network-list.ts"),
  }),
  "network info": command({
    summary: "show a network: its files, their sha256, what is installed and from where",
    examples: [{ line: "gan-eval network info dinov2-b", does: "with the address to fetch it from" }],
    args: [{ name: "name", summary: "a network of `gan-eval network list`" }],
    options: ["cacheDir"],
    load: () => import("./commands/network-info.ts"),
  }),
  "network download": command({
    summary: "download networks, hold them to their sha256 and install them",
    description:
      "Commands that need a network download it themselves. This command gets it beforehand, also where --offline or GAN_EVAL_NO_DOWNLOAD forbids downloads at first use. An interrupted download resumes. HF_ENDPOINT replaces huggingface.co; GAN_EVAL_NETWORK_URL names a mirror of all files.",
    examples: [
      { line: "gan-eval network download dinov2-b", does: "330 MiB" },
      { line: "gan-eval network download inception clip-l-336", does: "several" },
    ],
    args: [{ name: "name...", summary: "networks of `gan-eval network list`" }],
    options: ["cacheDir"],
    load: () => import("./commands/network-download.ts"),
  }),
  "network import": command({
    summary: "install a network from a file that was fetched elsewhere",
    description:
      "The file must be the official one, which its sha256 decides. Inception is read from any of its formats (`gan-eval inception import`).",
    examples: [
      {
        line: "gan-eval network import dinov2-b dinov2_vitb14_pretrain.pth",
        does: "for a machine without internet",
      },
      {
        line: "gan-eval network import vgg16 mine.pth --other-weights",
        does: "kept as vgg16-other-weights; used only if named",
      },
    ],
    args: [
      { name: "name", summary: "a network of `gan-eval network list`" },
      { name: "file", summary: "its file; `gan-eval network info` says which" },
    ],
    options: ["otherWeights", "cacheDir"],
    load: () => import("./commands/network-import.ts"),
  }),
  "network verify": command({
    summary: "hold installed networks to their sha256; exit 1 if a file was changed",
    examples: [
      { line: "gan-eval network verify", does: "all that are installed" },
      { line: "gan-eval network verify dinov2-b --json", does: "one, for a program" },
    ],
    args: [{ name: "name...", summary: "networks (default: all that are installed)", optional: true }],
    options: ["cacheDir"],
    load: () => import("./commands/network-verify.ts"),
  }),
  "network remove": command({
    summary: "remove installed networks, and what interrupted downloads of them left",
    description: "No confirmation. NAME-other-weights removes other weights.",
    examples: [{ line: "gan-eval network remove clip-l-336", does: "frees 1.6 GiB" }],
    args: [{ name: "name...", summary: "networks of `gan-eval network list`" }],
    options: ["cacheDir"],
    load: () => import("./commands/network-remove.ts"),
  }),
  "cache list": command({
    summary: "list the cached features, their images and sizes",
    examples: [{ line: "gan-eval cache list", does: "a table, the latest used first" }],
    options: ["cacheDir"],
    load: () => import("./commands/cache-list.ts"),
  }),
  "cache clear": command({
    summary: "remove cached features; installed networks stay",
    description: "No confirmation. Entries being written are kept.",
    examples: [
      { line: "gan-eval cache clear --older-than 30", does: "remove what was not used for 30 days" },
      { line: "gan-eval cache clear --dry-run", does: "list what would be removed" },
    ],
    options: ["cacheDir", "olderThan", "downTo", "partial", "clearDryRun"],
    load: () => import("./commands/cache-clear.ts"),
  }),
  doctor: command({
    summary:
      "check versions, engines, devices, weights, fonts and cache: what is available and what is missing",
    examples: [{ line: "gan-eval doctor --json", does: "for a bug report" }],
    options: ["cacheDir"],
    load: () => import("./commands/doctor.ts"),
  }),
  options: command({
    summary: "list every option of every command, with its default and environment variable",
    examples: [{ line: "gan-eval options --md", does: "the table in docs/options.md" }],
    options: [],
    load: () => import("./commands/options.ts"),
  }),
};

/** Commands that are only a word before others. */
export const COMMAND_GROUPS: Readonly<Record<string, string>> = {
  network: "pretrained networks by name: list, info, download, import, verify, remove",
  inception: "the Inception network alone: import, download, info",
  queue: "runs on many machines: status, retry, cancel, drain, migrate",
  cache: "cached features: list, clear",
  baseline: "the reference of nightly checks: update",
};

/** Acceptance tests of sweeps on many machines: servers, workers and faults. `npm run test:cluster -- NAME` */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/cluster/**/*.cluster.ts"],
    // Each takes less than 3 minutes on two free cores.
    testTimeout: 900_000,
    hookTimeout: 300_000,
    pool: "forks",
    fileParallelism: false,
    env: { GAN_EVAL_OFFLINE: "1" },
    globalSetup: ["./test/cluster/build-once.ts"],
    setupFiles: ["./test/own-folder.ts"],
    // Lines of figures as they are printed.
    disableConsoleIntercept: true,
    reporters: ["default", "./test/summary-reporter.ts"],
  },
});

// How the browser tests run. `cargo xtask test` and `cargo xtask e2e` build what they need and set the variables TACTUS_TEST_*.
import { defineConfig } from "@playwright/test";
import { CHROMIUM } from "./support/chromium";

export default defineConfig({
  testDir: "./tests",
  outputDir: "../target/end2end",
  // One after the other: they share one host, and the figures of a busy machine prove nothing.
  workers: 1,
  fullyParallel: false,
  // A test that passes at the second try hides a defect.
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  use: {
    viewport: { width: 1920, height: 1080 },
    locale: "en-US",
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
    launchOptions: CHROMIUM,
  },
});

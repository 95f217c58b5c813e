// `cargo xtask bench page`: bytes of the first load of /login and /wall, and the main thread's work per beat on the wall with 50 hosts.
// The last line on standard output is flat JSON. Kilobytes are of 1024 bytes, as they came over the wire (compressed).
import { chromium } from "@playwright/test";
import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { createInterface } from "node:readline";

const BEAT_MS = 500;
const HOSTS = Number(process.env.TACTUS_BENCH_HOSTS ?? 50);
const SECONDS = Number(process.env.TACTUS_BENCH_SECONDS ?? 60);
const ROOT = resolve(import.meta.dirname, "../..");
const BENCH = process.env.TACTUS_BENCH ?? resolve(ROOT, "target/release/tactus-bench");
const CENTRE = process.env.TACTUS_CENTRE ?? resolve(ROOT, "target/release/tactus");
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** Starts the simulated fleet with its centre; answers what the simulator says about it. */
async function startFleet() {
  const child = spawn(BENCH, ["simulate", "--hosts", String(HOSTS), "--centre", CENTRE], { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith("{")) return { child, ...JSON.parse(line) };
  }
  throw new Error("the simulated fleet did not start");
}

/** Loads a page with an empty cache and adds up what came over the wire until nothing more is under way. */
async function firstLoad(browser, fleet, path, loggedIn) {
  const context = await newContext(browser, fleet, loggedIn);
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  const names = new Map();
  let bytes = 0;
  session.on("Network.responseReceived", ({ requestId, response }) => names.set(requestId, response.url));
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    bytes += encodedDataLength;
    console.error(`    ${path}: ${(encodedDataLength / 1024).toFixed(1).padStart(7)} kB  ${names.get(requestId)}`);
  });
  // The live socket never ends, and does not count as a load.
  await page.goto(fleet.url + path, { waitUntil: "networkidle" });
  await page.waitForTimeout(2_000);
  await context.close();
  return bytes / 1024;
}

async function newContext(browser, fleet, loggedIn) {
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 }, locale: "en-US" });
  if (loggedIn) {
    const [name, ...value] = fleet.cookie.split("=");
    await context.addCookies([{ name, value: value.join("="), url: fleet.url }]);
  }
  return context;
}

/** Records the main thread of the wall and answers the milliseconds of work of each beat, and the number of long tasks. */
async function wallWork(browser, fleet) {
  const context = await newContext(browser, fleet, true);
  const page = await context.newPage();
  await page.goto(`${fleet.url}/wall`);
  await page.locator("[data-testid=wall-live-state][data-state=live]").waitFor();
  await page.locator(".wall-trend canvas").first().waitFor();
  // What belongs to loading is not what is measured.
  await page.waitForTimeout(5_000);
  await page.evaluate(() => {
    window.longTasks = 0;
    new PerformanceObserver((list) => (window.longTasks += list.getEntries().length)).observe({ type: "longtask" });
  });
  const session = await context.newCDPSession(page);
  const events = [];
  session.on("Tracing.dataCollected", ({ value }) => events.push(...value));
  const complete = new Promise((done) => session.once("Tracing.tracingComplete", done));
  await session.send("Tracing.start", { transferMode: "ReportEvents", traceConfig: { includedCategories: ["disabled-by-default-devtools.timeline"] } });
  console.error(`    measuring the wall with ${HOSTS} hosts for ${SECONDS} s`);
  await page.waitForTimeout(SECONDS * 1_000);
  await session.send("Tracing.end");
  await complete;
  const longTasks = await page.evaluate(() => window.longTasks);
  await context.close();
  return { beats: workPerBeat(events), longTasks };
}

/**
 * Sums the tasks of the page's main thread by beat: the processor time that they took, and the time that passed meanwhile, which is
 * longer where other programs want the processor, too.
 */
function workPerBeat(events) {
  const threads = events.filter((event) => event.name === "thread_name" && event.args.name === "CrRendererMain");
  const tasks = events.filter((event) => event.ph === "X" && event.name === "RunTask");
  // Other tabs have main threads, too: ours is the busiest.
  const load = ({ pid, tid }) => tasks.filter((task) => task.pid === pid && task.tid === tid).reduce((sum, task) => sum + task.dur, 0);
  const busiest = threads.map((thread) => ({ ...thread, load: load(thread) })).sort((a, b) => b.load - a.load)[0];
  if (!busiest?.load) throw new Error("no task of the page's main thread was recorded");
  const ours = tasks.filter((task) => task.pid === busiest.pid && task.tid === busiest.tid);
  const start = Math.min(...ours.map((task) => task.ts));
  const sums = (duration) => {
    const beats = new Array(Math.floor((SECONDS * 1_000) / BEAT_MS)).fill(0);
    for (const task of ours) {
      const beat = Math.floor((task.ts - start) / 1_000 / BEAT_MS);
      if (beat < beats.length) beats[beat] += duration(task) / 1_000;
    }
    return beats.sort((a, b) => a - b);
  };
  return { processor: sums((task) => task.tdur ?? task.dur), passed: sums((task) => task.dur) };
}

const share = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)];
const round = (value) => Math.round(value * 100) / 100;

const fleet = await startFleet();
let figures;
try {
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: FLAGS });
  const login_kb = await firstLoad(browser, fleet, "/login", false);
  const wall_kb = await firstLoad(browser, fleet, "/wall", true);
  const { beats, longTasks } = await wallWork(browser, fleet);
  await browser.close();
  figures = {
    login_kb: round(login_kb),
    wall_kb: round(wall_kb),
    beat_ms_p50: round(share(beats.processor, 0.5)),
    beat_ms_p99: round(share(beats.processor, 0.99)),
    beat_ms_max: round(share(beats.processor, 1)),
    beat_passed_ms_p50: round(share(beats.passed, 0.5)),
    beat_passed_ms_p99: round(share(beats.passed, 0.99)),
    long_tasks: longTasks,
    beats: beats.processor.length,
    hosts: HOSTS,
  };
} finally {
  const ended = new Promise((done) => fleet.child.once("exit", done));
  fleet.child.kill("SIGTERM");
  await ended;
}
console.log(JSON.stringify(figures));

// The history: what was, finer when looked at closely, to take away, and at an address of its own.
import { expect, test, type Page } from "@playwright/test";
import { Centre } from "../support/centre";
import { ask, downloadBy, seed, shownStep, type Past } from "../support/history";
import { expectHydrated, keepScreenshot, useLanguage } from "../support/page";
import { REFUSED_BY_API, Watch } from "../support/watch";

const HOUR = 3_600_000;
/** A simulated host; 1 is the centre's own machine. */
const HOST = 2;

interface Answer {
  step_ms: number;
  tier_step_ms: number;
  first_ms: number;
  lines: { series: string; mean: (number | null)[]; least: (number | null)[]; most: (number | null)[] }[];
}

let centre: Centre;
let past: Past;
let session: Awaited<ReturnType<Centre["setUp"]>>;

// Days of history take a while to write: all tests look at the same.
test.beforeAll(async () => {
  test.setTimeout(600_000);
  centre = await Centre.start((data) => (past = seed(data, 2, 2)));
  session = await centre.setUp();
});

test.beforeEach(async ({ context }) => {
  await context.addCookies([session]);
});

test.afterAll(async () => {
  expect(await centre?.stop()).not.toContain("panicked");
});

async function open(page: Page, query: string) {
  await page.goto(`${centre.url}/history${query}`);
  await expectHydrated(page);
  await expect(page.getByTestId("history-charts").locator("canvas").first()).toBeVisible();
}

/** Drags over a chart from one share of its width to another. */
async function drag(page: Page, testId: string, from: number, to: number) {
  const box = await page.getByTestId(testId).locator(".history-plot").boundingBox();
  if (!box) throw new Error("no chart");
  await page.mouse.move(box.x + box.width * from, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * to, box.y + box.height / 2, { steps: 5 });
  await page.mouse.up();
}

test("a day, zoomed into twice, is shown in finer points", async ({ page }) => {
  const watch = await Watch.on(page);
  await open(page, `?hosts=${HOST}&series=cpu_percent&range=24h`);
  const day = await shownStep(page);
  expect(day).toBeGreaterThan(60_000);
  await drag(page, "history-chart-percent", 0.3, 0.6);
  await expect.poll(() => shownStep(page)).toBeLessThan(day);
  const hours = await shownStep(page);
  await drag(page, "history-chart-percent", 0.4, 0.5);
  await expect.poll(() => shownStep(page)).toBeLessThan(hours);
  await expect(page.getByTestId("history-resolution")).toHaveText("10 s");
  await page.getByTestId("history-back").click();
  await expect.poll(() => shownStep(page)).toBe(hours);
  await page.goBack();
  await expect.poll(() => shownStep(page)).toBe(10_000);
  await page.getByTestId("history-range-7d").click();
  await expect.poll(() => shownStep(page)).toBeGreaterThan(day);
  watch.expectSilence();
});

test("keys move and zoom, a click tells the processes", async ({ page }) => {
  const watch = await Watch.on(page);
  const to = past.end_ms - HOUR;
  await open(page, `?hosts=${HOST}&series=cpu_percent,load_1&from=${to - HOUR}&to=${to}`);
  await page.getByTestId("history-charts").focus();
  await page.keyboard.press("ArrowLeft");
  await expect(page).toHaveURL(new RegExp(`from=${to - HOUR - HOUR / 4}&`));
  await page.keyboard.press("+");
  await expect(page).toHaveURL(new RegExp(`from=${to - HOUR}&to=${to - HOUR / 2}`));
  await page.keyboard.press("0");
  await expect(page).toHaveURL(new RegExp(`from=${to - HOUR}&to=${to}$`));
  await page.keyboard.press("Enter");
  const processes = page.getByTestId("history-processes");
  await expect(processes.locator("tbody tr").first().or(processes.getByText(/No process history/))).toBeVisible();
  const box = await page.getByTestId("history-chart-number").locator(".history-plot").boundingBox();
  await page.mouse.click(box!.x + box!.width / 2, box!.y + box!.height / 2);
  await expect(processes.getByRole("status").first()).toContainText(" – ");
  watch.expectSilence();
});

test("the files hold what the page shows", async ({ page }) => {
  const watch = await Watch.on(page);
  const [from, to] = [past.end_ms - 2 * HOUR, past.end_ms - HOUR];
  await open(page, `?hosts=${HOST}&series=cpu_percent,network_in_bytes_per_s&from=${from}&to=${to}`);
  expect(await shownStep(page)).toBe(10_000);
  const question = { hosts: [HOST], series: ["cpu_percent"], from_ms: from, to_ms: to, points: 1_000 };
  const answer = await ask<Answer>(page, centre, "history/query", { question });

  const csv = await downloadBy(page, "history-download-csv");
  expect(csv.name).toMatch(/\.csv$/);
  const rows = csv.content.toString("utf8").trim().split(/\r?\n/).map((line) => line.split(","));
  const [at, series, mean] = ["time_ms", "series", "mean"].map((name) => rows[0].indexOf(name));
  const ofCpu = rows.slice(1).filter((row) => row[series] === "cpu_percent");
  const known = answer.lines[0].mean.flatMap((value, place) => (value === null ? [] : [[answer.first_ms + place * answer.step_ms, value]]));
  expect(ofCpu.length).toBe(known.length);
  ofCpu.forEach((row, place) => {
    expect(Number(row[at])).toBe(known[place][0]);
    expect(Number(row[mean])).toBeCloseTo(known[place][1], 3);
  });

  const lines = await downloadBy(page, "history-download-jsonl");
  expect(lines.content.toString("utf8").trim().split("\n").map((line) => JSON.parse(line)).length).toBeGreaterThan(known.length);

  const png = await downloadBy(page, "history-download-png");
  expect(png.content.subarray(0, 8)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
  expect(png.content.length).toBeGreaterThan(20_000);
  const svg = (await downloadBy(page, "history-download-svg")).content.toString("utf8");
  expect(svg).toMatch(/^<svg /);
  expect(svg).toContain("History");
  expect(svg.match(/<svg /g)?.length).toBe(3);
  expect(svg.length).toBeGreaterThan(20_000);
  watch.expectSilence();
});

test("an address holds the whole view, and a wrong one is explained", async ({ page }) => {
  const watch = await Watch.on(page);
  await open(page, "");
  await page.getByTestId("history-hosts").click();
  await page.getByTestId(`history-host-${HOST}`).check();
  await page.keyboard.press("Escape");
  await page.getByTestId("history-metrics").click();
  await page.getByTestId("history-metric-memory_percent").check();
  await page.getByTestId("history-metric-load_1").check();
  await expect(page.getByTestId("history-metric-mount:/")).toBeVisible();
  await page.keyboard.press("Escape");
  await page.getByTestId("history-range-6h").click();
  await page.getByTestId("history-compare-day").click();
  await expect(page.getByTestId("history-chart-number")).toBeVisible();
  await expect(page.getByTestId("history-legend").first()).toContainText("a day earlier");
  const names = () => page.getByTestId("history-legend").locator("tbody th").allInnerTexts();
  const shown = await names();
  // Two hosts, three metrics, each now and a day earlier.
  expect(shown.length).toBe(12);
  const address = page.url();
  expect(address).toContain("compare=day");
  await page.goto("about:blank");
  await page.goto(address);
  await expect(page.getByTestId("history-legend").first()).toContainText("a day earlier");
  await expect.poll(names).toEqual(shown);
  await expect(page.getByTestId("history-range-6h")).toHaveAttribute("aria-pressed", "true");

  await open(page, "?hosts=x,2&series=nonsense&range=7y&compare=%zz");
  await expect(page.getByTestId("history-wrong")).toContainText("hosts, metrics, range, comparison");
  await expect(page.getByTestId("history-range-24h")).toHaveAttribute("aria-pressed", "true");
  watch.expectSilence();
});

for (const [language, sentences] of Object.entries({
  en: ["Enter a date and a time of day.", "The end must be after the start.", "This range lies in the future.", "at most five years"],
  "zh-CN": ["请输入日期和时间。", "结束时间必须晚于开始时间。", "该时间范围在未来", "最长为五年"],
})) {
  test(`a range that makes no sense is explained (${language})`, async ({ page, context }) => {
    const watch = await Watch.on(page, REFUSED_BY_API);
    await useLanguage(context, centre, language as "en" | "zh-CN");
    await open(page, `?hosts=${HOST}`);
    await page.getByTestId("history-range-custom").click();
    const year = new Date().getFullYear();
    for (const [place, [from, to, field]] of [
      ["", "", "from"],
      [`${year}-01-02T10:00`, `${year}-01-02T09:00`, "to"],
      [`${year + 2}-01-02T10:00`, `${year + 2}-01-03T09:00`, "from"],
      [`${year - 7}-01-02T10:00`, `${year - 1}-01-03T09:00`, "from"],
    ].entries()) {
      await page.getByTestId("history-custom-from").fill(from);
      await page.getByTestId("history-custom-to").fill(to);
      await page.getByTestId("history-custom-apply").click();
      await expect(page.getByTestId(`history-error-${field}`)).toContainText(sentences[place]);
    }
    watch.expectSilence();
  });
}

test("how it looks", async ({ page, context }) => {
  const watch = await Watch.on(page);
  const view = `?hosts=${HOST},3&series=cpu_percent,memory_percent,network_in_bytes_per_s&range=24h&compare=day`;
  for (const language of ["en", "zh-CN"] as const) {
    await useLanguage(context, centre, language);
    for (const [size, width, height] of [["wide", 1920, 1080], ["phone", 390, 844]] as const) {
      await page.setViewportSize({ width, height });
      for (const [name, query] of [["history", view], ["history-one", `?hosts=${HOST}&series=cpu_percent&range=24h`]]) {
        await open(page, query);
        await shownStep(page);
        await keepScreenshot(page, `${language}-${name}-${size}`);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        expect(overflow, `${name} ${size} is wider than the screen`).toBeLessThanOrEqual(0);
      }
      await page.goto(`${centre.url}/settings`);
      await expectHydrated(page);
      await expect(page.getByTestId("storage-save")).toBeVisible();
      await keepScreenshot(page, `${language}-settings-${size}`);
    }
  }
  watch.expectSilence();
});

test("how long it is kept can be changed", async ({ page }) => {
  const watch = await Watch.on(page, REFUSED_BY_API);
  await page.goto(`${centre.url}/settings`);
  await expectHydrated(page);
  await expect(page.getByTestId("storage-save")).toBeEnabled();
  const full = await page.getByTestId("storage-fine-full").innerText();
  await page.getByTestId("storage-fine").fill("1800");
  await expect(page.getByTestId("storage-fine-full")).not.toHaveText(full);
  await page.getByTestId("storage-fine").fill("0");
  await page.getByTestId("storage-save").click();
  await expect(page.getByTestId("field-error-fine_days")).toContainText("1");
  await page.getByTestId("storage-fine").fill("30");
  await page.getByTestId("storage-budget").fill("64");
  await page.getByTestId("storage-save").click();
  await expect(page.getByTestId("storage-saved")).toContainText("✓");
  await page.reload();
  await expect(page.getByTestId("storage-fine")).toHaveValue("30");
  watch.expectSilence();
});

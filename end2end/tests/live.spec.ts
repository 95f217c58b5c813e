// A screen that shows old figures says so, and comes back by itself.
import { expect, test, type Page } from "@playwright/test";
import { Centre } from "../support/centre";
import { changesOf, keepScreenshot } from "../support/page";
import { CENTRE_GONE, Watch } from "../support/watch";

let centre: Centre;

test.beforeEach(async ({ context }) => {
  centre = await Centre.start();
  await context.addCookies([await centre.setUp()]);
});

test.afterEach(async () => {
  await centre.stop();
});

test("the wall says that the centre is gone and recovers without a reload", async ({ page }) => {
  const watch = await Watch.on(page, CENTRE_GONE);
  await page.goto(`${centre.url}/wall`);
  const state = page.getByTestId("wall-live-state");
  await expect(state).toHaveAttribute("data-state", "live");
  await expect(page.getByTestId("stale-banner")).toHaveCount(0);
  await page.evaluate(() => Object.assign(window, { notReloaded: true }));

  await centre.kill();
  await expect(page.getByTestId("stale-banner")).toBeVisible({ timeout: 5_000 });
  await expect(state).toHaveAttribute("data-state", /stale|disconnected/);
  await keepScreenshot(page, "en-wall-disconnected");

  await centre.restart();
  await expect(state).toHaveAttribute("data-state", "live", { timeout: 20_000 });
  await expect(page.getByTestId("stale-banner")).toHaveCount(0);
  const clock = await changesOf(page, "wall-clock", 2_500);
  expect(clock.length).toBeGreaterThan(1);
  expect(await page.evaluate(() => "notReloaded" in window)).toBe(true);
  watch.expectSilence();
});

/** Panels of the wall that draw, with an element of each whose text is drawn. */
const DRAWING = [
  [".wall-header", "wall-clock"],
  [".wall-strip", "wall-online"],
  [".wall-hour", "wall-trend-cpu"],
  [".wall-gauges", "wall-in"],
];

/** How many points are drawn on the panel's canvas where the element is. */
async function inkAt(page: Page, panel: string, testId: string): Promise<number> {
  return page.locator(panel).evaluate((panel, testId) => {
    const canvas = panel.querySelector<HTMLCanvasElement>(":scope > canvas.wall-drawing");
    const element = panel.querySelector(`[data-testid=${testId}]`);
    const pen = new OffscreenCanvas(panel.clientWidth, panel.clientHeight).getContext("2d");
    if (!canvas || !element || !pen) return -1;
    pen.drawImage(canvas, 0, 0);
    const [own, box] = [canvas.getBoundingClientRect(), element.getBoundingClientRect()];
    const points = pen.getImageData(box.left - own.left, box.top - own.top, box.width, box.height).data;
    return points.filter((value, index) => index % 4 === 3 && value > 128).length;
  }, testId);
}

test("the wall draws what changes, and it can be read all the same", async ({ page }) => {
  const watch = await Watch.on(page);
  await page.goto(`${centre.url}/wall`);
  for (const [panel, testId] of DRAWING) {
    await expect(page.locator(panel)).toHaveAttribute("data-drawn", "on");
    await expect.poll(() => inkAt(page, panel, testId), panel).toBeGreaterThan(20);
    const drawn = page.getByTestId(testId).locator(".wall-alone");
    await expect(drawn.locator(".wall-text")).toBeHidden();
    await expect(async () => expect(await drawn.getAttribute("aria-label")).toBe(await drawn.textContent())).toPass();
  }
  // It is drawn anew when the screen changes.
  await page.setViewportSize({ width: 1280, height: 720 });
  for (const [panel, testId] of DRAWING) {
    await expect.poll(() => inkAt(page, panel, testId), panel).toBeGreaterThan(20);
  }
  watch.expectSilence();
});

test("a browser that cannot draw beside the page shows the texts", async ({ page }) => {
  await page.addInitScript(() => Reflect.deleteProperty(window, "Worker"));
  await page.goto(`${centre.url}/wall`);
  await expect(page.getByTestId("wall-live-state")).toHaveAttribute("data-state", "live");
  for (const [panel, testId] of DRAWING) {
    await expect(page.locator(panel)).not.toHaveAttribute("data-drawn");
    await expect(page.getByTestId(testId).locator(".wall-text")).toBeVisible();
  }
  const clock = await changesOf(page, "wall-clock", 2_500);
  expect(clock.length).toBeGreaterThan(1);
});

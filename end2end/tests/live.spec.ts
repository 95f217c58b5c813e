// A screen that shows old figures says so, and comes back by itself.
import { expect, test } from "@playwright/test";
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

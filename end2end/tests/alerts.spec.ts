// Alerts: from a rule that is set on the page to the pop-up, the wall, the record, and its end.
import { expect, test, type Page } from "@playwright/test";
import { Centre } from "../support/centre";
import { ask, seed } from "../support/history";
import { expectHydrated, keepScreenshot, useLanguage } from "../support/page";
import { Watch, closePopups } from "../support/watch";

/** The centre's own machine: its memory is never empty and never full. */
const OWN = 1;

let centre: Centre;

test.beforeEach(async ({ context }) => {
  centre = await Centre.start();
  await context.addCookies([await centre.setUp()]);
});

test.afterEach(async () => {
  expect(await centre.stop()).not.toContain("panicked");
});

async function open(page: Page, path: string) {
  await page.goto(`${centre.url}${path}`);
  await expectHydrated(page);
}

const memoryRule = (page: Page) => page.locator("[data-testid=rule-row][data-kind=memory]");
const memoryPopup = (page: Page, level: string) => page.locator(`[data-testid=popup][data-level=${level}][data-host="${OWN}"][data-kind=memory]`);
const memoryRow = (page: Page, state: string) => page.locator(`[data-testid=alert-row][data-kind=memory][data-state=${state}]`);

/** Sets the rule for the memory of the own machine on the page; it judges at once. */
async function setMemoryRule(page: Page, warning: string, critical: string) {
  if (!page.url().includes("tab=rules")) await open(page, `/alerts?tab=rules&scope=host:${OWN}`);
  await memoryRule(page).getByTestId("rule-edit").click();
  const fields = { warning, critical, window: "0", hold: "0", "clear-distance": "0", clear: "0" };
  for (const [name, value] of Object.entries(fields)) await page.getByTestId(`rule-${name}`).fill(value);
  await page.getByTestId("rule-save").click();
  await expect(page.getByTestId("rule-save")).toHaveCount(0);
  await expect(memoryRule(page)).toHaveAttribute("data-own", "true");
}

/** Does something with the first open alert of the memory. */
async function actOn(page: Page, state: string, deed: string, note: string) {
  await memoryRow(page, state).locator("input[type=checkbox]").check();
  await page.getByTestId(`alerts-${deed}`).click();
  await page.getByTestId("deed-note").fill(note);
  await page.getByTestId("deed-submit").click();
  await expect(page.getByTestId("deed-submit")).toHaveCount(0);
}

test("a rule fires, turns red, is acknowledged and resolved", async ({ page, context }) => {
  const watch = await Watch.withPopups(page);
  const wall = await context.newPage();
  const wallWatch = await Watch.withPopups(wall);
  await wall.goto(`${centre.url}/wall`);
  const figure = wall.getByTestId(`wall-host-memory-${OWN}`);
  await expect(figure).toContainText(/\d/);
  await expect(figure).not.toHaveAttribute("data-level", "critical");

  await setMemoryRule(page, "1", "100");
  await expect(memoryPopup(page, "warning")).toBeVisible();
  await expect(memoryPopup(page, "warning")).toContainText("> 1 %");
  await expect(figure).toHaveAttribute("data-level", "warning");
  await expect(page.getByTestId("nav-alerts-badge")).toContainText(/\d/);

  await setMemoryRule(page, "1", "2");
  await expect(memoryPopup(page, "critical")).toBeVisible();
  await expect(memoryPopup(page, "warning")).toHaveCount(0);
  await expect(page.getByTestId("popup-alert")).toContainText("Memory");
  await expect(figure).toHaveAttribute("data-level", "critical");
  await expect(wall.getByTestId("wall-count-critical")).toContainText(/[1-9]/);
  await expect(wall.getByTestId("takeover")).toContainText("> 2 %");
  await keepScreenshot(wall, "en-wall-takeover");
  await wall.keyboard.press("Escape");
  await expect(wall.getByTestId("takeover")).toHaveCount(0);
  await expect(memoryPopup(wall, "critical")).toBeVisible();
  await expect(wall.getByTestId("wall-clock")).toBeVisible();

  // A page in the background draws no frames, and the test would wait for them.
  await page.bringToFront();
  // The pop-up leads to its record; the other way leads to all.
  await memoryPopup(page, "critical").locator("a").click();
  await expect(memoryRow(page, "open")).toHaveAttribute("data-level", "critical");
  await expect(page.getByTestId("alert-steps")).toContainText("Raised to critical");
  await expect(page.getByTestId("alert-history")).toHaveAttribute("href", /\/history\?hosts=1&series=memory_percent&from=\d+&to=\d+/);
  await page.getByTestId("alerts-show-all").click();
  await expect(page.getByTestId("alerts-show-all")).toHaveCount(0);

  await actOn(page, "open", "acknowledge", "looking at it");
  await expect(memoryRow(page, "acknowledged")).toContainText("Acknowledged by keeper");
  await expect(memoryRow(page, "acknowledged")).toContainText("looking at it");
  await actOn(page, "acknowledged", "resolve", "more memory was put in");
  await expect(memoryRow(page, "ended")).toContainText("Resolved by keeper");
  await expect(memoryRow(page, "ended")).toContainText("more memory was put in");
  await expect(memoryPopup(wall, "resolved")).toBeVisible();
  await expect(memoryPopup(wall, "resolved")).toHaveCount(0, { timeout: 20_000 });

  await page.getByTestId("alerts-tab-rules").click();
  await page.getByTestId("rules-scope-host").click();
  await memoryRule(page).getByTestId("rule-reset").click();
  await expect(memoryRule(page)).toHaveAttribute("data-own", "false");
  await expect(figure).toHaveAttribute("data-level", "calm");
  watch.expectSilence();
  wallWatch.expectSilence();
});

test("what is good again ends by itself, and the keyboard closes pop-ups", async ({ page }) => {
  const watch = await Watch.withPopups(page);
  await setMemoryRule(page, "1", "2");
  await expect(memoryPopup(page, "critical")).toBeVisible();
  await memoryPopup(page, "critical").getByTestId("popup-close").focus();
  await page.keyboard.press("Escape");
  await expect(memoryPopup(page, "critical")).toHaveCount(0);
  await setMemoryRule(page, "99", "100");
  await expect(memoryPopup(page, "resolved")).toBeVisible();
  await page.getByTestId("alerts-tab-records").click();
  await expect(memoryRow(page, "ended")).toContainText("Recovered");
  await page.getByTestId("alerts-state-open").click();
  await expect(page).toHaveURL(/state=open/);
  await expect(memoryRow(page, "ended")).toHaveCount(0);
  await page.reload();
  await expect(page.getByTestId("alerts-state-open")).toHaveAttribute("aria-pressed", "true");
  await page.getByTestId("alerts-clear").click();
  await expect(memoryRow(page, "ended")).toHaveCount(1);
  watch.expectSilence();
});

test("wrong entries of a rule are named at their fields", async ({ page }) => {
  await open(page, `/alerts?tab=rules&scope=host:${OWN}`);
  await memoryRule(page).getByTestId("rule-edit").click();
  await page.getByTestId("rule-warning").fill("90");
  await page.getByTestId("rule-critical").fill("80");
  await page.getByTestId("rule-hold").fill("soon");
  await page.getByTestId("rule-save").click();
  await expect(page.getByTestId("field-error-critical")).not.toBeEmpty();
  await expect(page.getByTestId("field-error-hold")).not.toBeEmpty();
});

test("a maintenance window every week", async ({ page }) => {
  const watch = await Watch.withPopups(page);
  await open(page, "/alerts?tab=maintenance");
  await page.getByTestId("maintenance-add").click();
  await page.getByTestId("maintenance-name").fill("Sunday night");
  await page.getByTestId("maintenance-weekly").click();
  await page.getByTestId("maintenance-day-6").check();
  await page.getByTestId("maintenance-start").fill("23:30");
  await page.getByTestId("maintenance-minutes").fill("90");
  await page.getByTestId("maintenance-zone").fill("Asia/Shanghai");
  await page.getByTestId("maintenance-save").click();
  const row = page.getByTestId("maintenance-row");
  await expect(row).toContainText("Sat, Sun at 23:30, for 1 h 30 min (Asia/Shanghai)");
  await row.getByTestId("maintenance-edit").click();
  await page.getByTestId("maintenance-once").click();
  await page.getByTestId("maintenance-save").click();
  await expect(row).toHaveAttribute("data-active", "true");
  await row.getByTestId("maintenance-delete").click();
  await page.getByTestId("maintenance-delete-confirm").click();
  await expect(page.getByTestId("maintenance-none")).toBeVisible();
  watch.expectSilence();
});

test("how it looks", async ({ page, context }) => {
  const watch = await Watch.withPopups(page);
  await setMemoryRule(page, "1", "2");
  await expect(memoryPopup(page, "critical")).toBeVisible();
  // On a phone it lies over the last rows.
  await closePopups(page);
  for (const [language, title, rules] of [["en", "Alerts", "built in"], ["zh-CN", "告警", "内置默认"]] as const) {
    await useLanguage(context, centre, language);
    for (const [size, width, height] of [["wide", 1920, 1080], ["phone", 390, 844]] as const) {
      await page.setViewportSize({ width, height });
      for (const [name, query] of [["records", ""], ["rules", "?tab=rules"], ["maintenance", "?tab=maintenance"]]) {
        await open(page, `/alerts${query}`);
        await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
        if (name === "records") await expect(memoryRow(page, "open")).toBeVisible();
        if (name === "rules") await expect(memoryRule(page)).toContainText(rules);
        if (name === "maintenance") await expect(page.getByTestId("behind")).toBeVisible();
        await keepScreenshot(page, `${language}-alerts-${name}-${size}`);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        expect(overflow, `${name} ${size} is wider than the screen`).toBeLessThanOrEqual(0);
      }
      await open(page, "/alerts");
      await memoryRow(page, "open").getByRole("button").click();
      await expect(page.getByTestId("alert-steps")).toBeVisible();
      await keepScreenshot(page, `${language}-alerts-details-${size}`);
      await open(page, "/alerts?tab=rules");
      await memoryRule(page).getByTestId("rule-edit").click();
      await keepScreenshot(page, `${language}-alerts-rule-${size}`);
    }
  }
  watch.expectSilence();
});

test("a rule is tested on the stored history before it is saved", async ({ page, context }) => {
  test.setTimeout(600_000);
  await centre.stop();
  let host = 0;
  centre = await Centre.start((data) => (host = seed(data, 1, 2).hosts + 1));
  await context.addCookies([await centre.setUp()]);
  await open(page, `/alerts?tab=rules&scope=host:${host}`);
  await page.locator("[data-testid=rule-row][data-kind=cpu]").getByTestId("rule-edit").click();
  await page.getByTestId("rule-warning").fill("40");
  await page.getByTestId("rule-critical").fill("60");
  await page.getByTestId("replay-days-7").click();
  await page.getByTestId("replay-run").click();
  const shown = page.getByTestId("replay-count");
  await expect(shown).toBeVisible({ timeout: 60_000 });
  const usual = { window_s: "10", hold_s: "0", clear_distance: "5", clear_s: "30", no_data_s: "60", warn_no_data: false };
  const form = { scope: { scope: "host", of: host }, kind: "cpu", target: "", enabled: true, warning: "40", critical: "60", ...usual };
  const answer = await ask<{ count: number; hosts: number; looked_at: number }>(page, centre, "alerts/rules/replay", { form, days: 7 });
  expect(answer.count).toBeGreaterThan(0);
  await expect(shown).toHaveAttribute("data-count", String(answer.count));
  await expect(page.getByTestId("replay-coverage")).toContainText(`${answer.looked_at} of ${answer.hosts} hosts`);
  await expect(page.getByTestId("replay-strip").locator("rect")).toHaveCount(1 + Math.min(answer.count, 500));
  await keepScreenshot(page, "en-alerts-replay");
  // Nothing was saved.
  await page.getByTestId("dialog-close").first().click();
  await expect(page.locator("[data-testid=rule-row][data-kind=cpu]")).toHaveAttribute("data-own", "false");
});

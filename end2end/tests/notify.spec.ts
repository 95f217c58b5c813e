// Messages to people: from a notifier that is added on the page to the webhook that arrives.
import { expect, test, type Page } from "@playwright/test";
import { Centre } from "../support/centre";
import { ask } from "../support/history";
import { expectHydrated, keepScreenshot, useLanguage } from "../support/page";
import { Receiver } from "../support/receiver";
import { REFUSED_BY_API, Watch } from "../support/watch";

/** The centre's own machine: its memory is never empty and never full. */
const OWN = 1;

let centre: Centre;
let receiver: Receiver;

test.beforeEach(async ({ context }) => {
  receiver = await Receiver.start();
  centre = await Centre.start(undefined, { TACTUS_OUTBOUND_ALLOW_LOOPBACK: "true" });
  await context.addCookies([await centre.setUp()]);
});

test.afterEach(async () => {
  expect(await centre.stop()).not.toContain("panicked");
  await receiver.stop();
});

async function open(page: Page) {
  await page.goto(`${centre.url}/alerts?tab=notify`);
  await expectHydrated(page);
  await expect(page.getByTestId("notifier-add")).toBeVisible();
}

/** Opens the form of a new webhook and fills it in. */
async function fillWebhook(page: Page, name: string, url: string) {
  await page.getByTestId("notifier-add").click();
  await page.getByTestId("notifier-kind-webhook").click();
  await page.getByTestId("notifier-name").fill(name);
  await page.getByTestId("notifier-url").fill(url);
}

async function addWebhook(page: Page, name: string, url: string) {
  await fillWebhook(page, name, url);
  await page.getByTestId("notifier-save").click();
  await expect(notifierRow(page, name)).toBeVisible();
}

const notifierRow = (page: Page, name: string) => page.getByTestId("notifier-row").filter({ hasText: name });
const deliveryRow = (page: Page, state: string) => page.locator(`[data-testid=delivery-row][data-state=${state}]`);

/** A route for nothing but the memory: a machine that runs tests has other alerts, too. */
async function addMemoryRoute(page: Page, name: string, notifier: string) {
  await page.getByTestId("route-add").click();
  await page.getByTestId("route-name").fill(name);
  await page.getByTestId("route-fold-kinds").click();
  await page.getByTestId("route-kinds-memory").check();
  await page.getByTestId("route-notifiers").getByLabel(notifier).check();
  await page.getByTestId("route-save").click();
  await expect(page.getByTestId("route-row").filter({ hasText: name })).toBeVisible();
}

/** Lets the memory of the own machine fire a warning. */
async function fireMemory(page: Page) {
  const usual = { window_s: "0", hold_s: "0", clear_distance: "0", clear_s: "0", no_data_s: "60", warn_no_data: false };
  const form = { scope: { scope: "host", of: OWN }, kind: "memory", target: "", enabled: true, warning: "0.01", critical: "100", ...usual };
  await ask(page, centre, "alerts/rules/save", { form });
}

/** What was told of the memory; tests are told of, too, and the busy machine's other alerts before there is a route. */
const told = () => receiver.received.filter(({ headers, body }) => !/^test-/.test(`${headers["idempotency-key"]}`) && JSON.stringify(body).includes('"memory"'));

test("a webhook is added, tested, and told of one alert once", async ({ page }) => {
  const watch = await Watch.on(page);
  await open(page);
  await expect(page.getByTestId("notifier-none")).toBeVisible();
  await expect(page.getByTestId("route-none")).toContainText("everything goes to every enabled notifier");
  await addWebhook(page, "Ops room", receiver.url);

  await notifierRow(page, "Ops room").getByTestId("notifier-test").click();
  const answer = page.getByTestId("notifier-test-answer");
  await expect(answer).toHaveAttribute("data-ok", "true");
  await expect(answer).toContainText("noted");
  await expect(answer).toContainText(/after \d+ ms/);
  expect(receiver.received.filter(({ headers }) => /^test-/.test(`${headers["idempotency-key"]}`))).toHaveLength(1);

  await addMemoryRoute(page, "Memory", "Ops room");
  await expect(page.getByTestId("route-words")).toHaveText("All alerts · Memory → Ops room");
  await fireMemory(page);
  await expect.poll(() => told().length, { timeout: 30_000 }).toBe(1);
  expect(told()[0].body).toMatchObject({ kind_name: "memory", change_name: "fired", host_id: OWN });
  const delivered = deliveryRow(page, "delivered").filter({ hasText: /memory/i });
  await expect(delivered).toHaveCount(1, { timeout: 30_000 });
  await expect(delivered).toContainText("Ops room");
  await expect(notifierRow(page, "Ops room").getByTestId("notify-attempt")).toHaveAttribute("data-ok", "true", { timeout: 30_000 });
  await delivered.getByTestId("delivery-details").click();
  await expect(page.getByTestId("delivery-attempts")).toContainText("noted");
  // Nothing follows: the alert goes on and was told.
  await page.waitForTimeout(5_000);
  expect(told()).toHaveLength(1);

  await delivered.getByTestId("delivery-resend").click();
  await expect.poll(() => told().length, { timeout: 30_000 }).toBe(2);
  // A receiver can tell that it is the same.
  expect(told()[1].headers["idempotency-key"]).toBe(told()[0].headers["idempotency-key"]);
  watch.expectSilence();
});

test("what a provider refuses is shown as it said it", async ({ page }) => {
  await Watch.on(page);
  await open(page);
  receiver.status = 403;
  receiver.answer = "who are you?";
  await addWebhook(page, "Stranger", receiver.url);
  await notifierRow(page, "Stranger").getByTestId("notifier-test").click();
  const answer = page.getByTestId("notifier-test-answer");
  await expect(answer).toHaveAttribute("data-ok", "false");
  await expect(answer).toContainText("403");
  await expect(answer).toContainText("who are you?");

  // Without a route everything goes to every enabled notifier; what is refused for good is not tried again.
  await fireMemory(page);
  await expect(deliveryRow(page, "dead").first()).toBeVisible({ timeout: 30_000 });
  await page.getByTestId("delivery-state-delivered").click();
  await expect(page.getByTestId("delivery-none")).toBeVisible();
  await page.getByTestId("delivery-state-dead").click();
  receiver.status = 200;
  await deliveryRow(page, "dead").first().getByTestId("delivery-resend").click();
  await page.getByTestId("delivery-state-any").click();
  await expect(deliveryRow(page, "delivered").first()).toBeVisible({ timeout: 30_000 });
});

test("wrong entries are named at their fields, and secrets are kept or forgotten", async ({ page }) => {
  const watch = await Watch.on(page, REFUSED_BY_API);
  await open(page);
  await fillWebhook(page, "", "ftp://example.org/hook");
  await page.getByTestId("notifier-more").click();
  await page.getByTestId("notifier-time_zone").fill("Mars/Olympus");
  await page.getByTestId("notifier-save").click();
  await expect(page.getByTestId("notifier-error-url")).toContainText("https://");
  await expect(page.getByTestId("notifier-error-name")).not.toBeEmpty();
  await expect(page.getByTestId("notifier-error-time_zone")).not.toBeEmpty();
  await page.getByTestId("notifier-name").fill("Ops room");
  await expect(page.getByTestId("notifier-error-name")).toBeEmpty();
  await page.getByTestId("notifier-url").fill(receiver.url);
  await page.getByTestId("notifier-signing_key").fill("a heron");
  await page.getByTestId("notifier-time_zone").fill("Asia/Shanghai");
  await page.getByTestId("notifier-save").click();
  await expect(notifierRow(page, "Ops room")).toContainText("Asia/Shanghai");

  const testAgain = async () => {
    await notifierRow(page, "Ops room").getByTestId("notifier-test").click();
    await expect(page.getByTestId("notifier-test-answer")).toHaveAttribute("data-ok", "true");
    await page.getByTestId("notifier-test-close").click();
    return receiver.received.at(-1);
  };
  expect((await testAgain())?.headers["x-tactus-signature"]).toMatch(/^sha256=/);

  // What is stored is never shown, and stays when nothing is entered.
  await notifierRow(page, "Ops room").getByTestId("notifier-edit").click();
  await expect(page.getByTestId("notifier-url")).toHaveValue("");
  await expect(page.getByTestId("notifier-url-stored")).toBeVisible();
  await page.getByTestId("notifier-more").click();
  await page.getByTestId("notifier-signing_key-forget").check();
  await page.getByTestId("notifier-save").click();
  await expect(page.getByTestId("notifier-save")).toHaveCount(0);
  expect((await testAgain())?.headers["x-tactus-signature"]).toBeUndefined();
  watch.expectSilence();
});

test("templates are shown as they will be", async ({ page }) => {
  await Watch.on(page);
  await open(page);
  await fillWebhook(page, "Ops room", receiver.url);
  await page.getByTestId("notifier-texts").click();
  await page.getByTestId("notifier-subject").fill("{{ level }}: {{ host }} ({{ count }})");
  await page.getByTestId("notifier-preview-single").click();
  await expect(page.getByTestId("notifier-preview-subject")).toContainText("(1)");
  await page.getByTestId("notifier-preview-digest").click();
  await expect(page.getByTestId("notifier-preview-subject")).not.toContainText("(1)");
  await page.getByTestId("notifier-subject").fill("{{ nobody_knows }}");
  await page.getByTestId("notifier-preview-single").click();
  await expect(page.getByTestId("notifier-error-subject")).not.toBeEmpty();
});

test("routes keep their order", async ({ page }) => {
  const watch = await Watch.on(page);
  await open(page);
  await addWebhook(page, "Ops room", receiver.url);
  await addMemoryRoute(page, "First", "Ops room");
  await addMemoryRoute(page, "Second", "Ops room");
  const names = page.getByTestId("route-row").locator("b");
  await expect(names).toHaveText(["First", "Second"]);
  await page.getByTestId("route-row").filter({ hasText: "Second" }).getByTestId("route-up").click();
  await expect(names).toHaveText(["Second", "First"]);
  await open(page);
  await expect(names).toHaveText(["Second", "First"]);
  for (const name of ["First", "Second"]) {
    await page.getByTestId("route-row").filter({ hasText: name }).getByTestId("route-delete").click();
    await page.getByTestId("route-delete-confirm").click();
    await expect(page.getByTestId("route-delete-confirm")).toHaveCount(0);
  }
  await expect(page.getByTestId("route-none")).toBeVisible();
  watch.expectSilence();
});

test("general settings and the heartbeat", async ({ page }) => {
  await Watch.on(page);
  await open(page);
  await page.getByTestId("notify-public_url").fill("nowhere");
  await page.getByTestId("notify-save").click();
  await expect(page.getByTestId("notify-error-public_url")).toContainText("https://");
  await page.getByTestId("notify-public_url").fill("https://tactus.example.org/");
  await page.getByTestId("notify-digest_above").fill("7");
  await page.getByTestId("notify-save").click();
  await expect(page.getByTestId("notify-saved")).toContainText("Saved");

  await page.getByTestId("heartbeat-url").fill(receiver.url.replace("/hook", "/beat"));
  await page.getByTestId("heartbeat-method").selectOption("POST");
  await page.getByTestId("heartbeat-enabled").check();
  await page.getByTestId("heartbeat-save").click();
  await expect(page.getByTestId("heartbeat-saved")).toContainText("Saved");
  await expect(page.getByTestId("heartbeat-last").getByTestId("notify-attempt")).toHaveAttribute("data-ok", "true", { timeout: 30_000 });
  await open(page);
  await expect(page.getByTestId("notify-digest_above")).toHaveValue("7");
  await expect(page.getByTestId("heartbeat-url")).toHaveValue("");
});

test("how it looks", async ({ page, context }) => {
  const watch = await Watch.on(page);
  await open(page);
  await addWebhook(page, "Ops room", receiver.url);
  await addMemoryRoute(page, "Memory", "Ops room");
  await fireMemory(page);
  await expect(deliveryRow(page, "delivered").first()).toBeVisible({ timeout: 30_000 });
  for (const [language, tab, words] of [["en", "Notifications", "All alerts · Memory → Ops room"], ["zh-CN", "通知", "全部告警 · 内存 → Ops room"]] as const) {
    await useLanguage(context, centre, language);
    for (const [size, width, height] of [["wide", 1920, 1080], ["phone", 390, 844]] as const) {
      await page.setViewportSize({ width, height });
      await open(page);
      await expect(page.getByTestId("alerts-tab-notify")).toHaveText(tab);
      await expect(page.getByTestId("route-words")).toHaveText(words);
      await expect(deliveryRow(page, "delivered").first()).toBeVisible();
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(overflow, `${language} ${size} is wider than the screen`).toBeLessThanOrEqual(0);
      await keepScreenshot(page, `${language}-alerts-notify-${size}`);
      await page.getByTestId("notifier-edit").click();
      await keepScreenshot(page, `${language}-alerts-notifier-${size}`);
      await page.getByTestId("dialog-close").first().click();
      await page.getByTestId("route-edit").click();
      await keepScreenshot(page, `${language}-alerts-route-${size}`);
      await page.getByTestId("dialog-close").first().click();
      await page.getByTestId("notifier-add").click();
      await keepScreenshot(page, `${language}-alerts-notifier-kinds-${size}`);
      await page.getByTestId("dialog-close").first().click();
    }
  }
  watch.expectSilence();
});

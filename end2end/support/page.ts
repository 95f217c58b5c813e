// What a person does with the page, in a line each.
import { expect, type BrowserContext, type Page } from "@playwright/test";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Centre } from "./centre";
import type { Host } from "./host";

export const INSTALL_STEPS = ["connect", "host_key", "authenticate", "preflight", "upload", "install", "start", "first_sample"];

/** Waits until the page is hydrated and figures arrive. */
export async function expectLive(page: Page) {
  await expect(page.getByTestId("live-lamp").first()).toHaveAttribute("data-state", "live");
}

/** Opens the hosts page with a session. */
export async function openHosts(page: Page, centre: Centre) {
  await page.goto(`${centre.url}/hosts`);
  await expectHydrated(page);
}

/** Waits until the page's program has taken over: before that, a click on a button does nothing. */
export async function expectHydrated(page: Page) {
  await expect(page.locator("html")).toHaveAttribute("lang", /en|zh/);
  await expect.poll(() => page.evaluate(() => performance.getEntriesByType("resource").some((entry) => entry.name.endsWith("_bg.wasm")))).toBe(true);
  await expect(page.getByTestId("language").first()).toBeEnabled();
}

/** Opens the dialog and fills in what is given. */
export async function fillHost(page: Page, host: Partial<Host> & { sudo?: string; remark?: string }) {
  await expect(async () => {
    await page.getByTestId("add-host").click({ timeout: 1_000 });
    await expect(page.getByTestId("host-address")).toBeVisible({ timeout: 1_000 });
  }).toPass();
  const fields = { address: host.address, port: host.port, user: host.user, password: host.password, "sudo-password": host.sudo, remark: host.remark };
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) await page.getByTestId(`host-${name}`).fill(value);
  }
}

/** Adds a host and waits for its last step; answers its number. */
export async function addHost(page: Page, host: Host & { sudo?: string; remark?: string }): Promise<number> {
  await fillHost(page, host);
  await page.getByTestId("host-submit").click();
  for (const step of INSTALL_STEPS) {
    await expect(page.getByTestId(`deploy-step-${step}`), step).toHaveAttribute("data-state", "done", { timeout: 30_000 });
  }
  const link = await page.getByTestId("deploy-open-host").getAttribute("href");
  return Number(/\/hosts\/(\d+)/.exec(link ?? "")?.[1]);
}

/** Deletes a host; with its agent, where there is one. */
export async function deleteHost(page: Page, id: number) {
  await page.getByTestId(`host-delete-${id}`).click();
  await page.getByTestId("delete-confirm").click();
  await expect(page.getByTestId(`host-row-${id}`)).toHaveCount(0, { timeout: 30_000 });
}

/** All different texts, one after the other, that an element shows during a time. */
export async function changesOf(page: Page, testId: string, milliseconds: number): Promise<string[]> {
  return page.getByTestId(testId).evaluate(
    (element, milliseconds) =>
      new Promise<string[]>((resolve) => {
        const seen = [element.textContent ?? ""];
        const observer = new MutationObserver(() => {
          const text = element.textContent ?? "";
          if (text !== seen[seen.length - 1]) seen.push(text);
        });
        observer.observe(element, { characterData: true, childList: true, subtree: true });
        setTimeout(() => {
          observer.disconnect();
          resolve(seen);
        }, milliseconds);
      }),
    milliseconds,
  );
}

/** Chooses the language by the cookie that the page itself keeps. */
export async function useLanguage(context: BrowserContext, centre: Centre, language: "en" | "zh-CN") {
  await context.addCookies([{ name: "tactus_language", value: language, url: centre.url }]);
}

/** Keeps a picture of the whole screen in target/screenshots. */
export async function keepScreenshot(page: Page, name: string) {
  const folder = process.env.TACTUS_TEST_SCREENSHOTS ?? resolve(import.meta.dirname, "../../target/screenshots");
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

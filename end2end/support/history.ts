// A past that was made up: hosts with days of samples, written before the centre starts.
import type { Page } from "@playwright/test";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Centre } from "./centre";

export interface Past {
  hosts: number;
  days: number;
  from_ms: number;
  end_ms: number;
}

/** Writes days of history of simulated hosts, beside the centre's own machine, into a data folder. */
export function seed(folder: string, hosts: number, days: number): Past {
  const bench = process.env.TACTUS_TEST_BENCH ?? resolve(import.meta.dirname, "../../target/debug/tactus-bench");
  const said = execFileSync(bench, ["seed", "--data", folder, "--hosts", String(hosts), "--days", String(days)], { encoding: "utf8" });
  return JSON.parse(said.trim().split("\n").at(-1) ?? "{}");
}

/** Asks a server function as the page does. */
export async function ask<T>(page: Page, centre: Centre, path: string, body: unknown): Promise<T> {
  const answer = await page.request.post(`${centre.url}/api/${path}`, { data: body, headers: { origin: centre.url } });
  if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`);
  return answer.json();
}

/** Clicks and answers the file that is offered. */
export async function downloadBy(page: Page, testId: string): Promise<{ name: string; content: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByTestId(testId).click()]);
  return { name: download.suggestedFilename(), content: readFileSync(await download.path()) };
}

/** Width of the points that are shown, once nothing is being loaded. */
export async function shownStep(page: Page): Promise<number> {
  await page.locator("[data-testid=history-busy][data-busy=false]").waitFor({ state: "attached" });
  return Number(await page.getByTestId("history-resolution").getAttribute("data-step-ms"));
}

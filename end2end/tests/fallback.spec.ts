// A host whose agent ends is read over SSH at once, and by the agent again when that is back.
import { expect, test } from "@playwright/test";
import { Centre } from "../support/centre";
import { runOn, systemdHost } from "../support/host";
import { addHost, changesOf, deleteHost, expectLive, keepScreenshot, openHosts } from "../support/page";
import { Watch } from "../support/watch";

let centre: Centre;

test.beforeEach(async () => {
  centre = await Centre.start();
});

test.afterEach(async () => {
  const log = await centre.stop();
  expect(log).not.toContain("panicked");
});

test("an agent that is killed: another badge, no stale banner, never offline", async ({ page, context }) => {
  const host = systemdHost();
  const watch = await Watch.on(page);
  await context.addCookies([await centre.setUp()]);
  await openHosts(page, centre);
  const id = await addHost(page, { ...host, remark: "web-02" });
  await page.goto(`${centre.url}/hosts/${id}`);
  await expectLive(page);
  await expect(page.getByTestId("detail-source")).toHaveText(/agent/i);

  // Whatever the page says of the host or of itself from here on is remembered.
  await page.evaluate(() => {
    const said = ((window as any).said = [] as string[]);
    const look = () => {
      const status = document.querySelector("[data-testid=detail-status]")?.textContent ?? "";
      if (said[said.length - 1] !== status) said.push(status);
      if (document.querySelector("[data-testid=stale-banner]")) said.push("stale banner");
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
    look();
  });
  runOn(host, "systemctl kill --signal=KILL tactus-agent; systemctl stop tactus-agent");
  await expect(page.getByTestId("detail-source")).toHaveText(/ssh/i);
  await expect(page.getByTestId("detail-cpu")).toContainText(/\d/);
  await expect(page.getByTestId("detail-notice")).toContainText("read in another way");
  await expect(page.getByTestId("detail-events")).toContainText("SSH");
  const figures = await changesOf(page, "detail-cpu", 4_000);
  expect(figures.every((text) => /\d/.test(text)), figures.join(" ")).toBe(true);
  await keepScreenshot(page, "en-host-degraded");

  runOn(host, "systemctl start tactus-agent");
  await expect(page.getByTestId("detail-source")).toHaveText(/agent/i, { timeout: 45_000 });
  await expect(page.getByTestId("detail-notice")).toHaveCount(0);
  const said = await page.evaluate(() => (window as any).said as string[]);
  expect(said.some((text) => /offline|stale/i.test(text)), said.join(" | ")).toBe(false);
  expect(said.some((text) => /degraded/i.test(text)), said.join(" | ")).toBe(true);

  await openHosts(page, centre);
  await deleteHost(page, id);
  watch.expectSilence();
});

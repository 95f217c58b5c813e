// Many hosts at once: a list that is checked first, one wrong password that stops nobody; pause; a key that may only read.
import { expect, test } from "@playwright/test";
import { Centre } from "../support/centre";
import { runOn, secondHost, systemdHost } from "../support/host";
import { addHost, deleteHost, expectHydrated, keepScreenshot, openHosts, useLanguage } from "../support/page";
import { Watch } from "../support/watch";

let centre: Centre;

test.beforeEach(async () => {
  centre = await Centre.start();
});

test.afterEach(async () => {
  const log = await centre.stop();
  expect(log).not.toContain("panicked");
});

test("three hosts from a list, one of them with a wrong password", async ({ page, context }) => {
  const [one, two] = [systemdHost(), secondHost()];
  const watch = await Watch.on(page);
  await context.addCookies([await centre.setUp()]);
  await openHosts(page, centre);
  await page.getByTestId("add-many").click();
  // The same machine once more by its loopback name would be another host: the third is the second by another address.
  const list = [
    `root:${one.password}@${one.address}:${one.port} web-01`,
    `root:wrong-password@127.0.0.1:22 web-02`,
    `${two.address} web-03`,
    "http://not-a-host/",
    `${two.address}`,
  ];
  await page.getByTestId("batch-text").fill(list.join("\n"));
  await page.getByTestId("host-user").fill(two.user);
  await page.getByTestId("host-password").fill(two.password);
  await page.getByTestId("host-group").fill("shop");
  await page.getByTestId("batch-check").click();
  await expect(page.getByTestId("batch-summary")).toContainText("3 will be added, 2 cannot be");
  await expect(page.getByTestId("batch-line-4")).toHaveAttribute("data-state", "wrong");
  await expect(page.getByTestId("batch-line-5")).toContainText("Line 3 has the same address");
  await keepScreenshot(page, "en-batch-lines");
  // Going back loses nothing.
  await page.getByTestId("batch-back").click();
  await expect(page.getByTestId("batch-text")).toHaveValue(list.join("\n"));
  // What answers on this machine's own port 22, if anything, must not be asked: the wrong one is the first host with another password.
  list[1] = `root:wrong-password@${one.address}:${one.port} web-02`;
  list[0] = `root:${one.password}@[::ffff:${one.address}]:${one.port} web-01`;
  await page.getByTestId("batch-text").fill(list.join("\n"));
  await page.getByTestId("batch-check").click();
  await page.getByTestId("batch-add").click();

  await expect(page.getByTestId("batch-counts")).toContainText("2 done · 1 failed · 0 running · 0 waiting", { timeout: 60_000 });
  const rows = page.locator(".batch-row");
  await expect(rows.filter({ hasText: "web-01" })).toHaveAttribute("data-state", "done");
  await expect(rows.filter({ hasText: "web-02" })).toHaveAttribute("data-state", "failed");
  await expect(rows.filter({ hasText: "web-02" })).toContainText("rejected the user name or the password");
  await expect(rows.filter({ hasText: "web-03" })).toHaveAttribute("data-state", "done");
  await keepScreenshot(page, "en-batch-done");
  await page.getByTestId("batch-close").click();

  await expect(page.getByTestId("host-group-shop")).toContainText("3 in all");
  for (const name of ["web-01", "web-03"]) {
    await expect(page.locator("tr", { hasText: name })).toContainText("Online");
  }
  await page.getByTestId("host-search").fill("shop web-03");
  await expect(page.locator("tbody tr:not(.group-row)")).toHaveCount(1);
  await page.getByTestId("host-search").fill("");
  await useLanguage(context, centre, "zh-CN");
  await page.reload();
  await expectHydrated(page);
  await expect(page.getByTestId("host-group-shop")).toBeVisible();
  await keepScreenshot(page, "zh-CN-hosts-groups");
  await page.getByTestId("add-many").click();
  await keepScreenshot(page, "zh-CN-batch");
  await page.getByTestId("dialog-close").first().click();
  for (const name of ["web-01", "web-02", "web-03"]) {
    const row = page.locator("tr", { hasText: name });
    const id = Number((await row.getAttribute("data-testid"))?.replace("host-row-", ""));
    await deleteHost(page, id);
  }
  watch.expectSilence();
});

test("a host is paused and resumed, and read by a key that may do nothing else", async ({ page, context }) => {
  const host = systemdHost();
  // What is refused on the way is refused with 502, as every failure of a host.
  const watch = await Watch.on(page, /502/);
  await context.addCookies([await centre.setUp()]);
  await openHosts(page, centre);
  const id = await addHost(page, { ...host, remark: "web-04" });
  await page.getByTestId("host-restrict").click();
  for (const step of ["preflight", "place_key", "try_key"]) {
    await expect(page.getByTestId(`deploy-step-${step}`), step).toHaveAttribute("data-state", "done", { timeout: 30_000 });
  }
  await keepScreenshot(page, "en-restricted");
  await page.getByTestId("dialog-close").click();
  const row = page.getByTestId(`host-row-${id}`);
  await expect(row).toContainText("read-only key");

  await page.getByTestId(`host-tick-${id}`).check();
  await page.getByTestId("selection-pause").click();
  await expect(row).toContainText("Paused");
  await expect(page.getByTestId("selection-bar")).toHaveCount(0);
  await page.getByTestId(`host-tick-${id}`).check();
  await page.getByTestId("selection-resume").click();
  await expect(row).toContainText("Online");

  // The key is enough to fall back to SSH.
  runOn(host, "systemctl stop tactus-agent");
  await expect(row).toContainText("SSH", { timeout: 20_000 });
  runOn(host, "systemctl start tactus-agent");
  await expect(row).toContainText("Agent", { timeout: 45_000 });

  // To take the agent off, the password is needed again.
  await page.getByTestId(`host-delete-${id}`).click();
  await page.getByTestId("delete-confirm").click();
  await expect(page.getByTestId("delete-failure")).toContainText("may only read");
  await page.getByTestId("dialog-close").click();
  await page.getByTestId(`host-edit-${id}`).click();
  await page.getByTestId("host-method-password").check({ force: true });
  await page.getByTestId("host-password").fill(host.password);
  await page.getByTestId("host-submit").click();
  await expect(page.getByTestId("host-submit")).toHaveCount(0);
  await expect(row).not.toContainText("read-only key");
  await deleteHost(page, id);
  watch.expectSilence();
});

test("a host on which nothing is installed is read all the same", async ({ page, context }) => {
  const host = systemdHost();
  const watch = await Watch.on(page);
  await context.addCookies([await centre.setUp()]);
  await openHosts(page, centre);
  await page.getByTestId("add-host").click();
  for (const [name, value] of Object.entries({ address: host.address, user: host.user, password: host.password, remark: "bare" })) {
    await page.getByTestId(`host-${name}`).fill(value);
  }
  await page.getByTestId("host-agentless").check();
  await page.getByTestId("host-submit").click();
  await expect(page.getByTestId("deploy-step-shell_sample")).toHaveAttribute("data-state", "done", { timeout: 30_000 });
  await page.getByTestId("dialog-close").click();
  const row = page.locator("tr", { hasText: "bare" });
  await expect(row).toContainText("SSH");
  await expect(row).toContainText("Online");
  await expect(row).toContainText("without agent");
  const id = Number((await row.getAttribute("data-testid"))?.replace("host-row-", ""));
  await page.goto(`${centre.url}/hosts/${id}`);
  await expect(page.getByTestId("detail-cpu")).toContainText(/\d/);
  await keepScreenshot(page, "en-host-agentless");
  await openHosts(page, centre);
  await deleteHost(page, id);
  watch.expectSilence();
});

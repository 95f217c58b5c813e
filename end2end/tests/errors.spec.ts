// Whatever a person types wrong gets a sentence in their language, at the place where it is wrong.
import { expect, test } from "@playwright/test";
import { ADMINISTRATOR, Centre } from "../support/centre";
import { systemdHost } from "../support/host";
import { deleteHost, expectLive, fillHost, keepScreenshot, openHosts, useLanguage } from "../support/page";
import { REFUSED_BY_API, Watch } from "../support/watch";

const CHINESE = /\p{Script=Han}/u;

let centre: Centre;
let session: { name: string; value: string; url: string };

test.beforeAll(async () => {
  centre = await Centre.start();
  session = await centre.setUp();
});

test.afterAll(async () => {
  const log = await centre.stop();
  expect(log).not.toContain("panicked");
});

for (const language of ["en", "zh-CN"] as const) {
  test.describe(language, () => {
    const inLanguage = language === "en" ? /[A-Za-z]{3}/ : CHINESE;

    test.beforeEach(async ({ context }) => {
      await context.addCookies([session]);
      await useLanguage(context, centre, language);
    });

    test(`wrong fields say what is wrong (${language})`, async ({ page }) => {
      const watch = await Watch.on(page, REFUSED_BY_API);
      await openHosts(page, centre);
      await fillHost(page, { address: "", port: "22", user: "root", password: "x" });
      for (const [field, value, place] of [
        ["address", "", "address"],
        ["address", "http://x", "address"],
        ["address", "a;b", "address"],
        ["address", "169.254.169.254", "address"],
        ["port", "70000", "port"],
        ["port", "abc", "port"],
        ["user", "", "ssh_user"],
        ["user", "a b", "ssh_user"],
      ]) {
        await page.getByTestId("host-address").fill("192.0.2.1");
        await page.getByTestId("host-port").fill("22");
        await page.getByTestId("host-user").fill("root");
        await page.getByTestId(`host-${field}`).fill(value);
        await page.getByTestId("host-submit").click();
        await expect(page.getByTestId(`field-error-${place}`), `${field}=${value}`).toContainText(inLanguage);
      }
      await keepScreenshot(page, `${language}-field-error`);
      watch.expectSilence();
    });

    test(`wrong password and refused port (${language})`, async ({ page }) => {
      const host = systemdHost();
      const watch = await Watch.on(page, REFUSED_BY_API);
      await openHosts(page, centre);
      for (const [wrong, step] of [
        [{ ...host, password: "not the password" }, "authenticate"],
        // Nothing listens there.
        [{ ...host, port: "2" }, "connect"],
      ] as const) {
        await fillHost(page, wrong);
        await page.getByTestId("host-submit").click();
        await expect(page.getByTestId(`deploy-step-${step}`)).toHaveAttribute("data-state", "failed", { timeout: 30_000 });
        await expect(page.getByTestId("deploy-failure")).toContainText(inLanguage);
        await expect(page.getByTestId("deploy-retry")).toBeVisible();
        await keepScreenshot(page, `${language}-failed-${step}`);
        await page.getByTestId("dialog-close").click();
      }
      // The host is there, without an agent: a second one with its address and port is refused.
      await fillHost(page, host);
      await page.getByTestId("host-submit").click();
      await expect(page.getByTestId("field-error-address")).toContainText(host.address);
      await expect(page.getByTestId("field-error-address")).toContainText(inLanguage);
      await page.getByTestId("dialog-close").click();
      const rows = await page.locator("[data-testid^=host-row-]").evaluateAll((rows) => rows.map((row) => Number(row.getAttribute("data-testid")?.slice("host-row-".length))));
      for (const id of rows.filter((id) => id !== 1)) await deleteHost(page, id);
      watch.expectSilence();
    });
  });
}

test("logout, a wrong login, and login", async ({ page, context }) => {
  const watch = await Watch.on(page, REFUSED_BY_API);
  // A session of its own: logging out must not end that of the other tests.
  await page.goto(centre.url);
  await expect(page).toHaveURL(`${centre.url}/login`);
  await keepScreenshot(page, "en-login");
  await page.getByTestId("login-user").fill(ADMINISTRATOR.name);
  await page.getByTestId("login-password").fill("not the password");
  await page.getByTestId("login-submit").click();
  await expect(page.locator("[data-testid^=field-error-], [role=alert]").filter({ hasText: /wrong/i }).first()).toBeVisible();
  await page.getByTestId("login-password").fill(ADMINISTRATOR.password);
  await page.getByTestId("login-submit").click();
  await expect(page).toHaveURL(`${centre.url}/`);
  await expectLive(page);
  const cookies = await context.cookies();
  const mine = cookies.find((cookie) => cookie.name === session.name);
  expect(mine?.httpOnly).toBe(true);
  expect(mine?.sameSite).toBe("Lax");
  await page.getByTestId("logout").click();
  await expect(page).toHaveURL(`${centre.url}/login`);
  await page.goto(`${centre.url}/wall`);
  await expect(page).toHaveURL(`${centre.url}/login`);
  watch.expectSilence();
});

test("the language switches in place and stays", async ({ page, context }) => {
  const watch = await Watch.on(page);
  await context.addCookies([session]);
  await page.goto(centre.url);
  await expectLive(page);
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await expect(page.getByTestId("nav-hosts")).toHaveText(/Hosts/);
  await page.getByTestId("language").click();
  await expect(page.locator("html")).toHaveAttribute("lang", "zh-CN");
  await expect(page.getByTestId("nav-hosts")).toHaveText(CHINESE);
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("lang", "zh-CN");
  await expectLive(page);
  await page.getByTestId("language").click();
  await expect(page.getByTestId("nav-hosts")).toHaveText(/Hosts/);
  watch.expectSilence();
});

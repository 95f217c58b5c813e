// Nothing may go wrong silently: every message of the browser's console that is an error fails the test.
import { expect, type Page } from "@playwright/test";

/** What belongs to a test that provokes errors. */
export const REFUSED_BY_API = /Failed to load resource: the server responded with a status of (400|401|403|409|422|429|503)/;
export const CENTRE_GONE = /WebSocket connection to .* failed|ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_SOCKET_NOT_CONNECTED|ERR_EMPTY_RESPONSE/;

/** Closes pop-ups of alerts before they stand in the way: a machine that runs tests is busy, and says so. */
export async function closePopups(page: Page) {
  await page.addLocatorHandler(page.locator(".popups:has([data-testid=popup])"), () =>
    page.evaluate(() => document.querySelectorAll<HTMLElement>("[data-testid=popup-close]").forEach((button) => button.click())),
  );
}

/** Collects complaints of a page: errors, exceptions, violations of the Content-Security-Policy, hydration that did not fit. */
export class Watch {
  private readonly complaints: string[] = [];

  private constructor(private readonly expected: RegExp[]) {}

  static async on(page: Page, ...expected: RegExp[]): Promise<Watch> {
    await closePopups(page);
    return Watch.withPopups(page, ...expected);
  }

  /** The same for tests that are about pop-ups. */
  static async withPopups(page: Page, ...expected: RegExp[]): Promise<Watch> {
    const watch = new Watch(expected);
    page.on("console", (message) => {
      const suspicious = /hydrat|panicked|violat/i.test(message.text());
      if (message.type() === "error" || suspicious) watch.note(`${message.type()}: ${message.text()} (${message.location().url})`);
    });
    page.on("pageerror", (error) => watch.note(`exception: ${error.stack ?? error.message}`));
    page.on("crash", () => watch.note("the page crashed"));
    page.on("response", (response) => {
      if (response.status() >= 500 && response.status() !== 503) watch.note(`${response.status()} from ${response.url()}`);
      if (response.status() === 404) watch.note(`404 from ${response.url()}`);
    });
    await page.addInitScript(() =>
      document.addEventListener("securitypolicyviolation", (event) =>
        console.error(`violates the policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`),
      ),
    );
    return watch;
  }

  private note(text: string) {
    if (!this.expected.some((pattern) => pattern.test(text))) this.complaints.push(text);
  }

  /** Fails if there was any complaint. */
  expectSilence() {
    expect(this.complaints, "the browser's console").toEqual([]);
  }
}

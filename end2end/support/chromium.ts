// Debian's Chromium, kept from talking to anybody.

/** Launch options: the browser's own sandbox needs rights that containers do not have. */
export const CHROMIUM = {
  executablePath: process.env.TACTUS_TEST_CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
};

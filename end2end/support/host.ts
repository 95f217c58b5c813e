// The host with a real systemd and sshd that `cargo xtask testbed` made.
import { test } from "@playwright/test";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Host {
  address: string;
  port: string;
  user: string;
  password: string;
}

function parse(text: string): Host {
  const [address, port, user, password] = text.split(":");
  return { address, port, user, password };
}

function wanted(variable: string): Host {
  const text = process.env[variable];
  if (!text) {
    const why = `no systemd host (${variable} is not set)`;
    if (process.env.TACTUS_REQUIRE_REAL) throw new Error(why);
    console.log(`!!! SKIPPED: ${test.info().title}: ${why}`);
    test.skip(true, why);
  }
  return parse(text ?? ":::");
}

/** Root of the host; without one the test is skipped loudly, or fails where nothing may be skipped. */
export const systemdHost = (): Host => wanted("TACTUS_TEST_BROWSER_HOST");

/** A second host, and one with OpenRC instead of systemd. */
export const secondHost = (): Host => wanted("TACTUS_TEST_BROWSER_THIRD");
export const openrcHost = (): Host => wanted("TACTUS_TEST_OPENRC_HOST");

/** A user of the same host who needs a password for sudo. */
export const operatorHost = (): Host => wanted("TACTUS_TEST_BROWSER_OPERATOR");

/** Runs a command on the host. The test bed's hosts are new each time, so their keys are not compared. */
export function runOn(host: Host, command: string) {
  const folder = mkdtempSync(join(tmpdir(), "tactus-askpass-"));
  const askpass = join(folder, "askpass");
  writeFileSync(askpass, '#!/bin/sh\nprintf "%s\\n" "$TACTUS_TEST_PASSWORD"\n');
  chmodSync(askpass, 0o700);
  const options = ["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR", "PubkeyAuthentication=no"];
  const env = { ...process.env, SSH_ASKPASS: askpass, SSH_ASKPASS_REQUIRE: "force", DISPLAY: "none", TACTUS_TEST_PASSWORD: host.password };
  try {
    const target = ["-p", host.port, `${host.user}@${host.address}`, command];
    execFileSync("ssh", [...options.flatMap((option) => ["-o", option]), ...target], { env, stdio: ["ignore", "ignore", "inherit"] });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Keeps a core busy by turns of 0.3 to 0.9 s, so that the machine's CPU figure has a reason to change. Call the answer to end it. */
export function unsteadyLoad(): () => void {
  const code = `
    const spin = (ms) => { const end = Date.now() + ms; while (Date.now() < end); };
    const turn = () => { spin(200 + Math.random() * 500); setTimeout(turn, 100 + Math.random() * 400); };
    turn();`;
  const child: ChildProcess = spawn(process.execPath, ["-e", code], { stdio: "ignore" });
  return () => child.kill("SIGKILL");
}

// The real centre, with a data folder of its own, started and stopped by a test.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

const START_WITHIN_MS = 30_000;
const STOP_WITHIN_MS = 10_000;

/** The administrator of every test's centre. */
export const ADMINISTRATOR = { name: "keeper", password: "a heron on the weir" };

/** Finds what the build made, wherever the tests are started from. */
function built(variable: string, usual: string): string {
  return process.env[variable] ?? resolve(import.meta.dirname, "../..", usual);
}

export class Centre {
  /** `http://127.0.0.1:<port>`; stays the same over restarts. */
  url = "";
  /** What the console shows while there is no administrator. */
  setupToken = "";
  private process: ChildProcess | undefined;
  private readonly folder = mkdtempSync(join(tmpdir(), "tactus-e2e-"));
  private log = "";

  private constructor(private readonly settings: Record<string, string>) {}

  /** Starts a centre on a free port; `prepare` may write its data folder first, `settings` are further variables. */
  static async start(prepare?: (data: string) => void, settings: Record<string, string> = {}): Promise<Centre> {
    const centre = new Centre(settings);
    prepare?.(join(centre.folder, "data"));
    await centre.launch("127.0.0.1:0");
    return centre;
  }

  /** Starts again, after `kill` or `stop`, under the same address. */
  async restart(): Promise<void> {
    await this.launch(new URL(this.url).host);
  }

  private async launch(listen: string): Promise<void> {
    const child = spawn(built("TACTUS_TEST_BINARY", "target/debug/tactus"), ["serve"], {
      cwd: this.folder,
      stdio: ["ignore", "pipe", "pipe"],
      // Only what is named here: a setting of the developer's shell must not change a test.
      env: {
        PATH: process.env.PATH,
        TACTUS_LISTEN: listen,
        TACTUS_DATA_DIR: join(this.folder, "data"),
        TACTUS_SITE_DIR: built("TACTUS_TEST_SITE", "target/site"),
        TACTUS_AGENTS_DIR: built("TACTUS_TEST_AGENTS", "target/agents"),
        ...this.settings,
      },
    });
    this.process = child;
    child.stderr?.on("data", (text) => (this.log += text));
    await new Promise<void>((resolve, reject) => {
      const give_up = (why: string) => reject(new Error(`the centre did not start: ${why}\n${this.log}`));
      const timer = setTimeout(() => give_up("no answer"), START_WITHIN_MS);
      child.once("error", (error) => give_up(error.message));
      child.once("exit", (code) => give_up(`it ended with ${code}`));
      createInterface({ input: child.stdout! }).on("line", (line) => {
        const ready = /is ready: (\S+)/.exec(line);
        const token = /^Set-up token: (\S+)/.exec(line);
        if (ready) this.url = ready[1];
        if (token) this.setupToken = token[1];
        // The token is printed right after the address; after a restart there is none.
        if (token || (ready && this.setupToken)) {
          clearTimeout(timer);
          resolve();
        }
      });
    });
  }

  /** Creates the administrator as the page would, and answers the session's cookie for `context.addCookies`. */
  async setUp() {
    const { name, password } = ADMINISTRATOR;
    const form = { token: this.setupToken, user_name: name, password, password_again: password };
    const answer = await fetch(`${this.url}/api/setup`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: this.url },
      body: JSON.stringify({ form }),
    });
    const cookie = /^([^=]+)=([^;]+)/.exec(answer.headers.get("set-cookie") ?? "");
    if (!cookie) throw new Error(`set-up failed: ${answer.status} ${await answer.text()}`);
    return { name: cookie[1], value: cookie[2], url: this.url };
  }

  /** Ends the centre without any warning, as a crash would. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  /** Ends the centre and removes its data. Answers what it logged. */
  async stop(): Promise<string> {
    await this.end("SIGTERM");
    rmSync(this.folder, { recursive: true, force: true });
    return this.log;
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.process;
    this.process = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    child.kill(signal);
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_WITHIN_MS);
    await ended;
    clearTimeout(timer);
  }
}

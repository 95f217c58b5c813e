// Somebody who gets webhooks: keeps what arrives and answers what it is told to.
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface Received {
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
}

export class Receiver {
  readonly received: Received[] = [];
  /** What it answers from now on. */
  status = 200;
  answer = "noted";

  private constructor(private readonly server: Server) {}

  /** Listens on a free port of this machine. */
  static async start(): Promise<Receiver> {
    const server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => {
        const text = Buffer.concat(parts).toString("utf8");
        receiver.received.push({ headers: request.headers, body: text ? JSON.parse(text) : {} });
        response.writeHead(receiver.status, { "content-type": "text/plain" }).end(receiver.answer);
      });
    });
    const receiver = new Receiver(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`;
  }

  /** Ends it, whoever is still connected. */
  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}

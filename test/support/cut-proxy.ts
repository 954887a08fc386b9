import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Whether the server still gets the message before the line is cut, in which case its answer is swallowed. */
export type CutMode = 'before' | 'after';

const HEADER = 5;
/** The end of every answer: ReadyForQuery, its length and the state of the transaction. */
const READY = Buffer.from([0x5a, 0, 0, 0, 5]);

/**
 * Stands between an application and PostgreSQL and cuts one connection at the nth question asked since it was armed.
 * A question is a simple Query or the Sync that ends an extended one.
 */
export class CutProxy {
  private asked = 0;
  private cutAt = Infinity;
  private mode: CutMode = 'before';
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer((client) => this.relay(client));

  private constructor(private readonly target: URL) {}

  static async to(databaseUrl: string): Promise<CutProxy> {
    const proxy = new CutProxy(new URL(databaseUrl));
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** The database's address by way of the proxy. */
  get url(): string {
    const url = new URL(this.target);
    url.host = `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return url.href;
  }

  /** Cuts at this question from now on, counted from 1. */
  arm(cutAt: number, mode: CutMode): void {
    this.asked = 0;
    this.cutAt = cutAt;
    this.mode = mode;
  }

  /** @returns whether the cut has happened */
  disarm(): boolean {
    const fired = this.asked >= this.cutAt;
    this.cutAt = Infinity;
    return fired;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private relay(client: Socket): void {
    const server = connect(Number(this.target.port), this.target.hostname);
    let pending = Buffer.alloc(0);
    let started = false;
    let swallowed: Buffer | undefined;
    const hangUp = () => {
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      this.sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', hangUp).on('close', () => {
        this.sockets.delete(socket);
        hangUp();
      });
    }
    server.on('data', (answer) => {
      if (!swallowed) return void client.write(answer);
      swallowed = Buffer.concat([swallowed, answer]);
      if (swallowed.subarray(-6, -1).equals(READY)) hangUp();
    });
    client.on('data', (chunk) => {
      pending = Buffer.concat([pending, chunk]);
      for (;;) {
        const length = messageLength(pending, started);
        if (length === undefined || pending.length < length || client.destroyed) return;
        const message = pending.subarray(0, length);
        pending = pending.subarray(length);
        const cut = started && this.isCutAt(message);
        started = true;
        if (cut === 'before') return hangUp();
        if (cut === 'after') swallowed = Buffer.alloc(0);
        server.write(message);
      }
    });
  }

  private isCutAt(message: Buffer): CutMode | undefined {
    const type = String.fromCharCode(message[0] ?? 0);
    if (type !== 'Q' && type !== 'S') return undefined;
    return ++this.asked === this.cutAt ? this.mode : undefined;
  }
}

/** The first message of a connection has no type before its length. */
function messageLength(bytes: Buffer, started: boolean): number | undefined {
  if (!started) return bytes.length < 4 ? undefined : bytes.readInt32BE(0);
  return bytes.length < HEADER ? undefined : 1 + bytes.readInt32BE(1);
}

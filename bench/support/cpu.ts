import { readdirSync, readFileSync } from 'node:fs';
import type { Client } from 'pg';

/** CPU used so far, in microseconds. */
export interface CpuTime {
  readonly server: number;
  readonly own: number;
}

/** Reads the CPU time of this process and of every process of the server, from the kernel's scheduler statistics. */
export class CpuMeter {
  private constructor(private readonly postmaster: number) {}

  /** @throws where the kernel tells nothing */
  static async of(client: Client): Promise<CpuMeter> {
    if (process.platform !== 'linux') throw new Error('CPU is read from /proc: the benchmark needs Linux.');
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    return new CpuMeter(Number(statOf(rows[0]!.pid)?.parent));
  }

  read(): CpuTime {
    const { user, system } = process.cpuUsage();
    const children = readdirSync('/proc').filter(
      (name) => /^\d+$/.test(name) && statOf(Number(name))?.parent === this.postmaster,
    );
    return { own: user + system, server: children.reduce((total, pid) => total + runMicros(pid), 0) };
  }

  /** CPU in microseconds between two readings, this process and the server together. */
  static between(before: CpuTime, after: CpuTime): number {
    return after.own - before.own + after.server - before.server;
  }
}

/** `/proc/<pid>/stat`: the parent is the second field after the name in parentheses. */
function statOf(pid: number): { parent: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return { parent: Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1]) };
  } catch {
    return undefined; // ended meanwhile
  }
}

/** `/proc/<pid>/schedstat`: nanoseconds on a processor, first field. */
function runMicros(pid: string): number {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1_000;
  } catch {
    return 0;
  }
}

import type { INestApplicationContext } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { currentTime, setTimeAhead } from '../kernel/clock';
import { JobWorker } from '../platform/jobs/worker.service';

/** Functions that tell a time: the program's, and those of a host that moves with it. */
const PROGRAM_CLOCK = 'partner_program.now_ms';

/**
 * Time that is moved by hand, for demos and tests: what happens on 7 December is seen today. PostgreSQL and this process
 * move together; more processes than this one would each keep their own time. In production there is none.
 */
export class TestClock {
  private readonly worker: JobWorker;
  private readonly functions: readonly string[];

  /**
   * @param owner connected as the role that owns the functions
   * @param hostClocks further functions without arguments that tell a `timestamptz`, to be moved along
   */
  constructor(
    app: INestApplicationContext,
    private readonly owner: DataSource,
    hostClocks: readonly string[] = [],
  ) {
    this.worker = app.get(JobWorker, { strict: false });
    this.functions = [PROGRAM_CLOCK, ...hostClocks];
  }

  now(): Date {
    return currentTime();
  }

  /** Goes on by the time that the database keeps, after a start. */
  async resume(): Promise<Date> {
    const [row] = await this.owner.query<{ ahead: string }[]>(
      `select round(extract(epoch from ${PROGRAM_CLOCK}() - date_trunc('milliseconds', clock_timestamp())) * 1000) as ahead`,
    );
    setTimeAhead(Number(row!.ahead));
    return this.now();
  }

  /** Sets the time without letting anything happen in between; for a program that has not begun. */
  async begin(at: Date): Promise<void> {
    await this.set(at);
  }

  /**
   * Moves the time forward. Everything that was due until then has happened once this ends, each at its own moment and in
   * its order: releases, expiries, planned moves, mails, recurring jobs.
   * @throws RangeError for a moment that has passed
   */
  moveTo(moment: Date): Promise<Date> {
    return this.move(moment, { everyTurn: true });
  }

  /** The same, but what recurs has its turn whenever something else happens, and at the end: for a long history. */
  leapTo(moment: Date): Promise<Date> {
    return this.move(moment, { everyTurn: false });
  }

  /** From now on time is the machine's again. */
  async end(): Promise<void> {
    await this.leapTo(new Date());
    await this.setAhead(0);
  }

  /** This process has the machine's time again, whatever the database keeps: for the next test. */
  forget(): void {
    setTimeAhead(0);
  }

  private async move(moment: Date, { everyTurn }: { readonly everyTurn: boolean }): Promise<Date> {
    if (moment < this.now()) throw new RangeError('Time does not run backwards.');
    await this.worker.settle();
    for (;;) {
      const next = await this.nextDue(moment, everyTurn);
      if (next === undefined) break;
      if (next > this.now()) await this.set(next);
      await this.worker.settle();
    }
    if (moment > this.now()) await this.set(moment);
    await this.worker.settle();
    return this.now();
  }

  private async nextDue(until: Date, everyTurn: boolean): Promise<Date | undefined> {
    const [row] = await this.owner.query<{ due: Date | null }[]>(
      `select min(due_at) as due from partner_program.job
        where status = 'waiting' and due_at <= $1 and ($2 or key not like 'recurring:%')`,
      [until, everyTurn],
    );
    return row!.due ?? undefined;
  }

  private set(at: Date): Promise<void> {
    return this.setAhead(at.getTime() - Date.now());
  }

  private async setAhead(ahead: number): Promise<void> {
    setTimeAhead(ahead);
    for (const name of this.functions) {
      await this.owner.query(
        `create or replace function ${name}() returns timestamptz language sql volatile as
         $$ select date_trunc('milliseconds', clock_timestamp() + interval '${ahead} milliseconds') $$`,
      );
    }
  }
}

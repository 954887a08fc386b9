import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/**
 * What this process counts about itself, for Prometheus. Every label has a bounded set of values: names of kinds, codes
 * and route patterns, never an id, an address or a person. The registry is the program's own: the host's stays as it is.
 */
@Injectable()
export class Metrics {
  readonly registry = new Registry();

  /** From the first of our guards to the last byte of the answer, by the pattern of the route. */
  readonly requests = new Histogram({
    name: 'partner_program_http_request_duration_seconds',
    help: 'Time to answer requests, by route pattern.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [this.registry],
  });

  readonly refusals = this.counter('refusals_total', 'Requests answered with a problem, by its code.', ['code']);

  /** Only what was committed. */
  readonly postings = this.counter('ledger_transactions_total', 'Ledger transactions posted.', ['kind']);
  readonly posted = this.counter('ledger_posted_minor_total', 'Sum of the credits posted, in minor units.', [
    'kind',
    'currency',
  ]);

  readonly batches = new Histogram({
    name: 'partner_program_job_batch_size',
    help: 'Jobs done in one transaction.',
    labelNames: ['kind'],
    buckets: [1, 2, 5, 10, 25, 50, 100],
    registers: [this.registry],
  });
  readonly jobFailures = this.counter('job_failures_total', 'Attempts at a job that failed.', ['kind']);
  readonly mails = this.counter('mails_total', 'Mails handed to the host, by outcome.', ['outcome']);
  readonly webhooks = this.counter('webhook_attempts_total', 'Attempts to deliver web hooks, by outcome.', ['outcome']);

  /** Read from the database when they are asked for, and therefore the same in every process. */
  readonly databaseUp = this.gauge('database_up', 'Whether the database answered when these metrics were read.');
  readonly jobs = this.gauge('jobs', 'Jobs that are due, scheduled for later, or dead.', ['kind', 'state']);
  readonly oldestDueJob = this.gauge(
    'jobs_oldest_due_seconds',
    'How long the oldest due job has waited; 0 where none is due.',
    ['kind'],
  );

  private counter<Label extends string>(name: string, help: string, labelNames: Label[]): Counter<Label> {
    return new Counter({ name: `partner_program_${name}`, help, labelNames, registers: [this.registry] });
  }

  private gauge<Label extends string>(name: string, help: string, labelNames: Label[] = []): Gauge<Label> {
    return new Gauge({ name: `partner_program_${name}`, help, labelNames, registers: [this.registry] });
  }
}

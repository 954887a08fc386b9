import type { LoggerService } from '@nestjs/common';
import { pino, stdTimeFunctions, type DestinationStream, type Level, type Logger } from 'pino';
import { redacted } from '../../modules';
import type { LogLevel } from '../config';

/** What Nest says of itself while it starts, some hundred lines; only who asks for `debug` reads them. */
const CHATTER = ['InstanceLoader', 'NestApplication', 'NestFactory', 'RouterExplorer', 'RoutesResolver'];

/**
 * One line of JSON for each event. What is logged becomes the value of a field, so that no text begins a line of its
 * own, and addresses and tokens in it are made unreadable. @see F60 F86
 */
export class JsonLogger implements LoggerService {
  private readonly pino: Logger;

  constructor(level: LogLevel, destination?: DestinationStream) {
    const options = {
      level,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label: string) => ({ level: label }) },
    };
    this.pino = destination ? pino(options, destination) : pino(options);
  }

  debug = (message: unknown, ...rest: unknown[]): void => this.write('debug', message, rest);
  verbose = this.debug;
  log = (message: unknown, ...rest: unknown[]): void => this.write('info', message, rest);
  warn = (message: unknown, ...rest: unknown[]): void => this.write('warn', message, rest);
  error = (message: unknown, ...rest: unknown[]): void => this.write('error', message, rest);
  fatal = (message: unknown, ...rest: unknown[]): void => this.write('fatal', message, rest);

  /** Nest passes the context last, and the stack of an error before it. */
  private write(level: Level, message: unknown, rest: readonly unknown[]): void {
    const texts = rest.filter((one) => typeof one === 'string');
    const context = texts.at(-1);
    const stack = message instanceof Error ? message.stack : texts.length > 1 ? texts[0] : undefined;
    const quiet = level === 'info' && CHATTER.includes(context ?? '');
    const fields = typeof message === 'object' && !(message instanceof Error) ? message : {};
    const text = message instanceof Error ? message.message : typeof message === 'string' ? message : undefined;
    this.pino[quiet ? 'debug' : level](
      { context, ...fields, stack: stack && redacted(stack) },
      text === undefined ? undefined : redacted(text),
    );
  }
}

#!/usr/bin/env node
import { runCommandLine } from './command-line.command';

process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 2));

void runCommandLine(process.argv.slice(2)).then((code) => (process.exitCode = code));

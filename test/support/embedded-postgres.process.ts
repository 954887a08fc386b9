import { rmSync } from 'node:fs';
import { EmbeddedPostgres } from '../../src/database/embedded-postgres';

/**
 * An embedded server in a process of its own: says where it is and stops it on SIGTERM, as the application does.
 * With `--throw-away` the process that started it need only end, in whatever way, and server and data are gone.
 */
async function main([dataDir = '', mode]: string[]): Promise<void> {
  const throwAway = mode === '--throw-away';
  const server = await EmbeddedPostgres.start({ dataDir, durable: !throwAway });
  const stop = async (): Promise<void> => {
    await server.stop();
    if (throwAway) rmSync(dataDir, { recursive: true, force: true });
    process.exit(0);
  };
  process.once('SIGTERM', () => void stop());
  if (throwAway) process.stdin.resume().once('close', () => void stop());
  process.stdout.write(server.ownerUrl);
}

main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(error.message);
  process.exit(1);
});

import { EmbeddedPostgres } from '../../src/database/embedded-postgres';

/** Runs the embedded server as the application does: says where it is, stops it on SIGTERM. */
async function main([dataDir = '']: string[]): Promise<void> {
  const server = await EmbeddedPostgres.start({ dataDir });
  process.once('SIGTERM', () => void server.stop().then(() => process.exit(0)));
  process.stdout.write(server.ownerUrl);
}

main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(error.message);
  process.exit(1);
});

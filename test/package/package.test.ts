import { execFile, spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { DataSource } from 'typeorm';
import ts from 'typescript';
import { testCluster, withDatabase } from '../support/cluster';

const ROOT = join(__dirname, '../..');
const MINUTES = 60_000;

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional?: boolean }>>;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly bin: Readonly<Record<string, string>>;
}
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;

/** Outside the repository and below no other packages, or a host would find there what it did not install. */
const folder = mkdtempSync(
  join([tmpdir(), '/var/tmp'].find(hasNoPackagesAbove) ?? tmpdir(), 'partner-program-package-'),
);
let tarball: string;
/** Paths in the tarball. */
let packed: string[];

/** A fresh copy is packed, so that nothing but what is written down gets in. */
beforeAll(async () => {
  const copy = join(folder, 'copy');
  const left = ['node_modules', 'dist', 'data', 'coverage', '.git'].map((name) => join(ROOT, name));
  cpSync(ROOT, copy, { recursive: true, filter: (source) => !left.includes(source) });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  const { stdout } = await promisify(execFile)('npm', ['pack', '--json', '--pack-destination', folder], { cwd: copy });
  const [pack] = JSON.parse(stdout.slice(stdout.indexOf('[\n'))) as { filename: string; files: { path: string }[] }[];
  tarball = join(folder, pack!.filename);
  packed = pack!.files.map(({ path }) => path);
}, 2 * MINUTES);
afterAll(() => rmSync(folder, { recursive: true, force: true }), 2 * MINUTES);

function hasNoPackagesAbove(place: string): boolean {
  if (existsSync(join(place, 'node_modules'))) return false;
  return dirname(place) === place || hasNoPackagesAbove(dirname(place));
}

function filesBelow(...folders: string[]): string[] {
  return folders.flatMap((name) =>
    readdirSync(join(ROOT, name), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(ROOT, join(entry.parentPath, entry.name))),
  );
}

describe('the package', () => {
  it('holds the program compiled, its templates and its papers, and nothing else', () => {
    const compiled = filesBelow('modules', 'migrations')
      .filter((path) => !path.startsWith('migrations/reference-crm/'))
      .map((path) => `dist/${path.replace(/\.ts$/, '')}`)
      .flatMap((path) => [`${path}.js`, `${path}.d.ts`]);
    const papers = ['README.md', 'CHANGELOG.md', 'LICENSE', 'package.json', 'openapi.json'];
    expect(packed.toSorted()).toEqual([...compiled, ...filesBelow('templates'), ...papers].toSorted());
  });

  it('opens every door that it names', () => {
    const doors = Object.values(manifest.exports).flatMap((target) =>
      typeof target === 'string' ? [target] : Object.values(target),
    );
    expect(Object.keys(manifest.exports)).toEqual([
      '.',
      './migrations',
      './testing',
      './openapi.json',
      './package.json',
    ]);
    for (const path of [...doors, ...Object.values(manifest.bin)]) expect(packed).toContain(path.replace(/^\.\//, ''));
  });

  it('asks for everything that it imports', () => {
    const imported = filesBelow('modules', 'migrations')
      .filter((path) => path.endsWith('.ts') && !path.startsWith('migrations/reference-crm/'))
      .flatMap((path) => packagesIn(readFileSync(join(ROOT, path), 'utf8')))
      .map((name) => (name === 'express' ? '@types/express' : name)); // its types are all that is taken
    const asked = { ...manifest.dependencies, ...manifest.peerDependencies };
    expect([...new Set(imported)].filter((name) => !(name in asked))).toEqual([]);
  });

  it(
    'is right in the eyes of publint and of every way TypeScript resolves',
    async () => {
      const bin = (name: string) => join(ROOT, 'node_modules/.bin', name);
      const run = (file: string, args: string[]) =>
        promisify(execFile)(file, args).catch((error: { stdout: string; stderr: string }) => {
          throw new Error(`${file}: ${error.stdout}${error.stderr}`);
        });
      await run(bin('publint'), ['run', tarball, '--strict']);
      await run(bin('attw'), [tarball, '--profile', 'node16', '--no-definitely-typed', '--no-color']);
    },
    MINUTES,
  );
});

/** The packages of imports, `require.resolve` and `import()`. */
function packagesIn(text: string): string[] {
  const resolved = [...text.matchAll(/require\.resolve\('([^']+)'\)/g)].map(([, name]) => name!);
  return [...ts.preProcessFile(text).importedFiles.map(({ fileName }) => fileName), ...resolved]
    .filter((name) => !name.startsWith('.') && !name.startsWith('node:'))
    .map((name) =>
      name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/'),
    );
}

const NEWEST = {
  '@nestjs/common': '12.5.1',
  '@nestjs/core': '12.5.1',
  '@nestjs/platform-express': '12.5.1',
  '@nestjs/typeorm': '12.0.2',
  pg: '8.23.1',
  'reflect-metadata': '0.2.2',
  rxjs: '7.8.2',
  typeorm: '1.1.1',
};
const HOSTS = [
  { host: 'NestJS 12, as modules', type: 'module', dependencies: NEWEST },
  { host: 'the oldest of everything that it takes', type: 'commonjs', dependencies: oldest(manifest.peerDependencies) },
];

/** The beginning of each range, without what is optional. */
function oldest(ranges: Readonly<Record<string, string>>): Record<string, string> {
  const needed = Object.entries(ranges).filter(([name]) => !manifest.peerDependenciesMeta[name]?.optional);
  return Object.fromEntries(needed.map(([name, range]) => [name, /[\d.]+/.exec(range)![0]]));
}

/** The application of `nest new`, with the TypeORM that the tutorial adds. */
function newApplication({ type, dependencies }: (typeof HOSTS)[number]): Record<string, string> {
  const devDependencies = { '@types/node': '20.19.43', typescript: '5.9.3' };
  const compilerOptions = {
    module: 'nodenext',
    moduleResolution: 'nodenext',
    target: 'ES2023',
    esModuleInterop: true,
    isolatedModules: true,
    emitDecoratorMetadata: true,
    experimentalDecorators: true,
    skipLibCheck: true,
    strictNullChecks: true,
    outDir: './dist',
  };
  return {
    'package.json': JSON.stringify({ name: 'crm', private: true, type, dependencies, devDependencies }),
    'tsconfig.json': JSON.stringify({ compilerOptions, include: ['src'] }),
    'src/main.ts': `
      import { NestFactory } from '@nestjs/core';
      import { AppModule } from './app.module.js';

      async function bootstrap() {
        const app = await NestFactory.create(AppModule);
        await app.listen(process.env.PORT ?? 3000);
      }
      void bootstrap();`,
  };
}

/** What the papers have one write and type, word for word. */
function followed(paper: string, heading?: string) {
  const text = readFileSync(join(ROOT, paper), 'utf8');
  const part = heading === undefined ? text : text.slice(text.indexOf(heading)).split(/\n## (?!Plug)/)[0]!;
  const blocks = [...part.matchAll(/```(\w+)\n([\s\S]*?)```/g)].map(([, language, body]) => ({
    language,
    body: body!,
  }));
  const files = blocks.flatMap(({ body }) => {
    const path = /^(?:\/\/|--) (\S+\.\w+)\n/.exec(body)?.[1];
    return path === undefined ? [] : [[path, body] as const];
  });
  return {
    files: Object.fromEntries(files),
    commands: blocks.filter(({ language }) => language === 'sh').map(({ body }) => body),
  };
}

/** A database with the CRM's tables, which its application may use. */
async function crmDatabase(
  name: string,
  sql: string,
): Promise<{ ownerUrl: string; url: string; drop(): Promise<void> }> {
  const cluster = testCluster();
  const server = await new DataSource({ type: 'postgres', url: cluster.ownerUrl }).initialize();
  await server.query(`create database ${name}`);
  const ownerUrl = withDatabase(cluster.ownerUrl, name);
  const owner = await new DataSource({ type: 'postgres', url: ownerUrl }).initialize();
  await owner.query(sql);
  await owner.query(`grant select, insert, update on all tables in schema public to ${cluster.name}`);
  await owner.destroy();
  const url = new URL(ownerUrl);
  url.username = url.password = cluster.name;
  const drop = async () => {
    await server.query(`drop database ${name} with (force)`);
    await server.destroy();
  };
  return { ownerUrl, url: url.href, drop };
}

/** @throws what the commands said when one of them failed; what they started is ended in any case */
async function type(commands: readonly string[], cwd: string, env: Readonly<Record<string, string>>): Promise<string> {
  const script = ['set -euo pipefail', ...commands].join('\n');
  const shell = spawn('bash', ['-c', script], {
    cwd,
    detached: true,
    env: { ...process.env, ...env },
    timeout: 5 * MINUTES,
  });
  let said = '';
  shell.stdout.on('data', (text: Buffer) => (said += text.toString()));
  shell.stderr.on('data', (text: Buffer) => (said += text.toString()));
  const code = await new Promise((resolve) => shell.on('exit', resolve));
  try {
    process.kill(-shell.pid!, 'SIGTERM');
  } catch {
    // Nothing is left of the group.
  }
  if (code !== 0) throw new Error(`The commands ended with ${String(code)}:\n${said}`);
  return said;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

const tools = ['bash', 'curl'].filter((name) => spawnSync(name, ['--version']).status !== 0);
if (tools.length > 0) process.emitWarning(`Not found: ${tools.join(', ')}: the package is not tried in a host.`);

(tools.length > 0 ? describe.skip : describe).each(HOSTS)('in a CRM on $host', (host) => {
  it(
    'does what README and the tutorial say, from the installation to a commission',
    async () => {
      const place = join(folder, host.type);
      const readme = followed('README.md', '## Plug it into a CRM');
      const tutorial = followed('docs/tutorial.md');
      const { 'crm.sql': sql, ...files } = { ...newApplication(host), ...tutorial.files, ...readme.files } as Record<
        string,
        string
      >;
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(place, path)), { recursive: true });
        writeFileSync(join(place, path), text);
      }
      const cluster = testCluster();
      const database = await crmDatabase(`${cluster.name}_${host.type}`, sql!);
      const env = {
        OWNER_URL: database.ownerUrl,
        DATABASE_URL: database.url,
        APP_ROLE: cluster.name,
        PORT: String(await freePort()),
        NODE_ENV: '',
        npm_config_prefer_offline: 'true',
        npm_config_audit: 'false',
        npm_config_fund: 'false',
      };
      try {
        // Until the package is published, its name stands for the tarball.
        await type(
          readme.commands.map((text) => text.replace('install nestjs-partner-program', `install ${tarball}`)),
          place,
          env,
        );
        const said = await type(tutorial.commands, place, env);
        expect(said).toContain('"availableMinor":1000');
        expect(said).toContain('Everything holds.');
        expect(said).toMatch(/# pass 1\d\n# fail 0/);
      } finally {
        await database.drop();
      }
    },
    10 * MINUTES,
  );
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Request } from 'express';
import type { DataSource } from 'typeorm';
import { LOCALES } from '../../../../../modules/kernel/locale';
import type { PartnerProgramOptions } from '../../../../../modules/options';
import type { Program } from '../../../../../modules/platform/program/program.service';
import { Actors } from '../../../../../modules/platform/web/access/actors.service';
import { Assets } from '../../../../../modules/platform/web/pages/assets.service';
import { Messages } from '../../../../../modules/platform/web/pages/messages.service';
import { Renderer } from '../../../../../modules/platform/web/pages/renderer.service';
import { readTemplates } from '../../../../../modules/platform/web/pages/template-files';
import { knownProgram } from '../../../../support/known-program';
import { HeaderHost, partnerTable } from '../header-host';
import { SAMPLES } from './samples';

const options: PartnerProgramOptions = { currency: 'PLN', publicUrl: 'https://crm.example' };
let program: Program;
let actors: Actors;
let renderer: Renderer;
const rendererWith = (own: Partial<PartnerProgramOptions>) =>
  new Renderer({ ...options, ...own }, actors, new Messages(program), new Assets(), program);

beforeAll(async () => {
  program = await knownProgram();
  actors = new Actors(new HeaderHost(), partnerTable as unknown as DataSource, options, program);
  renderer = rendererWith({});
});

async function requestOf(
  user: string,
  locale: string,
  url = '/partner-program/partners?status=active&cursor=x',
): Promise<Request> {
  const headers: Record<string, string> = { 'x-user': user, 'accept-language': locale };
  const request = { headers, originalUrl: url, get: (name: string) => headers[name] } as unknown as Request;
  await actors.identify(request);
  return request;
}

it('has a sample of every page', () => {
  expect(Object.keys(SAMPLES).sort()).toEqual([...readTemplates('pages').keys()].sort());
});

describe.each(LOCALES)('[Q11] [Q12] in %s', (locale) => {
  it.each(Object.keys(SAMPLES))('shows %s to everybody who may see it, and nobody’s script', async (name) => {
    for (const user of ['admin', 'seller', 'suspended', 'unconfirmed', 'newcomer']) {
      const request = await requestOf(user, locale);
      for (const sample of SAMPLES[name]!) {
        const html = await renderer.page(name, sample, request);
        expect(html).toContain(`<html lang="${locale}">`);
        expect(html).not.toContain('<script>');
        expect(html).not.toMatch(/undefined|NaN|\[object|\{[A-Za-z]+\}/);
        expect(doubled(html)).toEqual([]);
        expect(unlabelled(html)).toEqual([]);
      }
    }
  });
});

it('[Q5] writes money and dates in the habit of the reader', async () => {
  const [sample] = SAMPLES['dashboard/dashboard']!;
  const shown = async (locale: string) =>
    renderer.fragment('dashboard/dashboard', sample, await requestOf('seller', locale));
  expect(await shown('pl')).toContain('2 675,02 zł'.replace(/ /g, '\u00a0'));
  expect(await shown('pt-BR')).toContain('PLN\u00a02.675,02');
  expect(await shown('en')).toContain('PLN\u00a02,675.02');
  expect(await shown('en')).toContain('<time datetime="2026-03-14T09:26:53.589Z"');
});

it('keeps the filters on the way to the next page', async () => {
  const html = renderer.fragment('partners/list', SAMPLES['partners/list']![0], await requestOf('seller', 'pl'));
  expect(html).toContain('href="/partner-program/partners?status&#x3D;active&amp;cursor&#x3D;next+page"');
});

it('[P2] leads each person to what is open to that person', async () => {
  const menu = async (user: string) => {
    const html = await renderer.page('error', SAMPLES['error']![1], await requestOf(user, 'en'));
    return [...html.matchAll(/<li><a href="([^"]+)"/g)].map(([, href]) => href!.replace('/partner-program', ''));
  };
  expect(await menu('seller')).toEqual([
    '',
    '/partners',
    '/commissions',
    '/client-links',
    '/invitations',
    '/withdrawals',
    '/profile',
  ]);
  expect(await menu('newcomer')).toEqual(['/membership']);
  expect(await menu('admin')).toEqual([
    '/overview',
    '/membership',
    '/partners',
    '/reviews',
    '/approvals',
    '/withdrawals?status=pending',
    '/settings',
  ]);
});

it('puts a page into the frame of the host', async () => {
  const framed = rendererWith({
    layout: ({ title, body, styles }) => `<host title="${title}" styles="${styles.length}">${body}</host>`,
  });
  const html = await framed.page('settings/settings', SAMPLES['settings/settings']![0], await requestOf('admin', 'en'));
  expect(html).toMatch(/^<host title="Settings" styles="1">/);
  expect(html).not.toContain('<html');
});

it('takes a template from the folder of the host, and the others from our own', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'templates-'));
  mkdirSync(join(folder, 'pages/settings'), { recursive: true });
  mkdirSync(join(folder, 'partials'));
  writeFileSync(join(folder, 'pages/settings/settings.hbs'), '<h1>{{@title}} of ours</h1>{{> greeting}}');
  writeFileSync(join(folder, 'partials/greeting.hbs'), '<p>{{locale}}</p>');
  try {
    const own = rendererWith({ templates: folder });
    const request = await requestOf('admin', 'en');
    const sample = SAMPLES['settings/settings']![0];
    expect(await own.page('settings/settings', sample, request)).toContain('<h1>Settings of ours</h1><p>');
    expect(await own.page('plans/plans', SAMPLES['plans/plans']![0], request)).not.toContain('of ours');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** Ids that stand on a page more than once. */
function doubled(html: string): string[] {
  const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id!);
  return ids.filter(
    (id, index) => ids.indexOf(id) !== index && !id.startsWith('pp-reason-') && !id.startsWith('pp-reference-'),
  );
}

/** Fields without a label of their own. */
function unlabelled(html: string): string[] {
  const fields = [...html.matchAll(/<(?:input|select|textarea)\b[^>]*>/g)].map(([field]) => field);
  return fields.filter((field) => {
    if (/type="(hidden|checkbox)"/.test(field) || field.includes('aria-label=')) return false;
    const id = /\sid="([^"]+)"/.exec(field)?.[1];
    return id === undefined || !html.includes(`<label for="${id}">`);
  });
}

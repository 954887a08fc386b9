import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import Handlebars from 'handlebars';
import { type PartnerProgramOptions, PROGRAM_OPTIONS } from '../../../options';
import { Program } from '../../program/program.service';
import { actorOf, Actors } from '../access/actors.service';
import { formHelpers } from '../forms/form-helpers';
import { refusedFormOf } from '../forms/refused-form';
import { DONE } from '../request/replies';
import { Assets } from './assets.service';
import { Messages } from './messages.service';
import { readTemplates } from './template-files';
import { type Surroundings, templateHelpers } from './template-helpers';

/**
 * Makes HTML of templates and view models, in a Handlebars of its own: nothing registered here is seen by the
 * host. Templates see exactly what a JSON client sees.
 */
@Injectable()
export class Renderer {
  private readonly handlebars = Handlebars.create();
  private readonly pages: Map<string, Handlebars.TemplateDelegate>;
  private readonly layouts: Map<string, Handlebars.TemplateDelegate>;

  constructor(
    @Inject(PROGRAM_OPTIONS) private readonly options: PartnerProgramOptions,
    private readonly actors: Actors,
    private readonly messages: Messages,
    private readonly assets: Assets,
    private readonly program: Program,
  ) {
    this.handlebars.registerHelper({ ...templateHelpers(messages, assets), ...formHelpers });
    this.handlebars.registerPartial(Object.fromEntries(readTemplates('partials', options.templates)));
    this.pages = this.compiled('pages');
    this.layouts = this.compiled('layouts');
  }

  /** A whole page in the program's plain layout, or in the host's frame. */
  async page(name: string, data: unknown, request: Request): Promise<string> {
    const view = this.surroundings(name, request, data);
    const content = this.content(name, data, view);
    const problem = view.refused && {
      ...view.refused.problem,
      errors: (view.refused.problem.errors ?? []).map((error) => view.faults.get(error) ?? error),
    };
    const body = this.fill(
      this.layouts,
      'program',
      { content: new Handlebars.SafeString(content), problem: problem ?? null },
      view,
    );
    const { title, locale } = view;
    const styles = [this.assets.url('partner-program.css')];
    const scripts = [this.assets.url('htmx.min.js'), this.assets.url('partner-program.js')];
    if (this.options.layout) return this.options.layout({ title, body, locale, request, styles, scripts });
    return this.fill(
      this.layouts,
      'main',
      { title, locale, styles, scripts, body: new Handlebars.SafeString(body) },
      view,
    );
  }

  /** The page alone, for htmx to put into a page that is already open; the title tells it how to rename that. */
  fragment(name: string, data: unknown, request: Request): string {
    const view = this.surroundings(name, request, data);
    return `<title>${Handlebars.escapeExpression(view.title)}</title>${this.content(name, data, view)}`;
  }

  private content(name: string, data: unknown, view: Surroundings): string {
    return this.fill(this.pages, name, JSON.parse(JSON.stringify(data ?? null)), view);
  }

  private compiled(kind: string): Map<string, Handlebars.TemplateDelegate> {
    const sources = readTemplates(kind, this.options.templates);
    return new Map(
      [...sources].map(([name, source]) => [
        name,
        this.handlebars.compile(source, { strict: true, preventIndent: true }),
      ]),
    );
  }

  private fill(
    templates: ReadonlyMap<string, Handlebars.TemplateDelegate>,
    name: string,
    data: unknown,
    view: Surroundings,
  ): string {
    const template = templates.get(name);
    if (!template) throw new Error(`There is no template "${name}".`);
    return template(data, { data: { ...view } });
  }

  private surroundings(name: string, request: Request, data: unknown): Surroundings {
    const locale = this.actors.localeOf(request);
    const refused = name === 'error' ? undefined : refusedFormOf(request);
    const { pathname, searchParams } = new URL(refused?.page ?? request.originalUrl, 'http://localhost');
    const { currency, timeZone, units } = this.program.now;
    const { [DONE]: done = '', ...query } = Object.fromEntries(searchParams);
    return {
      locale,
      actor: actorOf(request),
      title: ownTitle(name, data) ?? this.messages.text(locale, `title.${name}`),
      path: pathname,
      query,
      done,
      timeZone,
      currency,
      units: units.own.map(({ code }) => code),
      refused,
      faults: new Map(),
      t: (key) => this.messages.text(locale, key),
    };
  }
}

/** A problem is called by its name, and a person too, so that every tab of a browser says what is in it. */
function ownTitle(name: string, data: unknown): string | undefined {
  const { title, firstName, lastName } = (data ?? {}) as { title?: string; firstName?: string; lastName?: string };
  if (name === 'error') return title;
  return name === 'partners/partner' && firstName ? `${firstName} ${lastName}` : undefined;
}

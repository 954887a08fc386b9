import { foldedText } from '../../../../modules/kernel/tidy-text';
import type { TestApp } from '../../../support/app';
import { bootApp } from '../../../support/app';
import { Office, type Member } from '../../../support/program';

let app: TestApp;
let office: Office;
let person: Member;
beforeAll(async () => {
  app = await bootApp();
  office = await Office.open(app);
  person = await office.member(undefined, { firstName: 'Łukasz', lastName: 'Wójcik-Żółć' });
  await office.member(undefined, { firstName: 'Zoe', lastName: 'Gęślą'.normalize('NFD') });
});
afterAll(() => app.close());

const found = async (search: string) => {
  const { body } = await office.admin.get('/partner-program/partners').query({ search, limit: 100 }).expect(200);
  return (body as { data: { id: string; lastName: string }[] }).data;
};

describe('[Q13] a search for people', () => {
  it.each([
    'Wójcik',
    'wojcik',
    'WÓJCIK',
    'lukasz wojcik',
    'Wójcik-Żółć Łukasz',
    'wojcik-zolc lukasz',
    'Łukasz  Wójcik',
    'Wójcik'.normalize('NFD'),
    'ŁUKASZ',
    ' jcik-Zo ',
  ])('finds by %j', async (search) => {
    expect((await found(search)).map(({ id }) => id)).toEqual([person.partnerId]);
  });

  it('finds who is stored with decomposed letters, and by the address', async () => {
    expect(await found('Gęślą')).toHaveLength(1);
    expect(await found('gesla zoe')).toHaveLength(1);
    expect((await found(person.email.toUpperCase())).map(({ id }) => id)).toEqual([person.partnerId]);
  });

  it('takes the signs of a pattern as they are', async () => {
    for (const search of ['%', '_', '\\', 'W_jcik', 'W%k']) expect(await found(search)).toEqual([]);
  });

  it('folds the same in PostgreSQL and here', async () => {
    const texts = ['Łódź', 'STRASSE', 'Ąę  Ćń', 'Žluťoučký kůň', 'ÅÄÖ', 'Việt Nam', 'Øre', 'İstanbul', 'ﬁn', '李'];
    for (const text of texts) {
      const [row] = await app.owner.query<{ folded: string }[]>('select partner_program.folded($1) as folded', [text]);
      expect([text, row!.folded]).toEqual([text, foldedText(text)]);
    }
  });
});

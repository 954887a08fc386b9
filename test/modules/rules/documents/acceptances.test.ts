import { createHash } from 'node:crypto';
import type { TestApp } from '../../../support/app';
import { bootApp } from '../../../support/app';
import { pdfFrom, textsOf } from '../../../support/pdf';
import { type Member, Office, PDF } from '../../../support/program';
import { codeOf } from '../../people/accounts/account-builder';

let app: TestApp;
let office: Office;
let members: Member[];
beforeAll(async () => {
  app = await bootApp();
  office = await Office.open(app);
  members = [];
  for (let count = 0; count < 5; count += 1) members.push(await office.member());
});
afterAll(() => app.close());

interface Acceptances {
  readonly data: { readonly partnerId: string }[];
  readonly nextCursor: string | null;
}
const list = () => `/partner-program/terms/${office.termsVersionId}/acceptances`;
const receipt = (versionId = office.termsVersionId) => `/partner-program/terms/acceptances/${versionId}/receipt.pdf`;

describe('[P6] the acceptances of a version', () => {
  it('say who accepted, when, in which language and from where, the latest first', async () => {
    const { body } = await office.admin.get(list()).expect(200);
    expect((body as Acceptances).data.map(({ partnerId }) => partnerId)).toEqual(
      members.map(({ partnerId }) => partnerId).reverse(),
    );
    const { partnerId, email } = members.at(-1)!;
    expect((body as Acceptances).data[0]).toEqual({
      partnerId,
      name: expect.stringMatching(/^Jan Kos\d+$/) as string,
      email,
      acceptedAt: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      locale: expect.stringMatching(/^(pl|pt-BR|en)$/) as string,
      ip: expect.stringContaining('127.0.0.1') as string,
    });
    expect(body).toMatchObject({ nextCursor: null, terms: { title: 'Regulamin' } });
  });

  it('are read page by page, each once', async () => {
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body }: { body: unknown } = await office.admin
        .get(list())
        .query({ limit: 2, ...(cursor && { cursor }) })
        .expect(200);
      seen.push(...(body as Acceptances).data.map(({ partnerId }) => partnerId));
      cursor = (body as Acceptances).nextCursor;
    }
    expect(seen).toEqual(members.map(({ partnerId }) => partnerId).reverse());
    const foreign = Buffer.from('["x"]').toString('base64url');
    await office.admin.get(list()).query({ cursor: foreign }).expect(400);
  });

  it('are a page for those who configure, linked from the list of versions', async () => {
    const page = await office.admin.get(list()).set('accept', 'text/html').expect(200);
    expect(page.text).toContain(members[0]!.email);
    const versions = await office.admin.get('/partner-program/terms').set('accept', 'text/html').expect(200);
    expect(versions.text).toContain(`href="${list()}"`);
    await members[0]!.agent.get(list()).expect(403);
    await office.admin.get(list().replace(office.termsVersionId, members[0]!.partnerId)).expect(404);
  });
});

describe('[Q10] the receipt of an acceptance', () => {
  it('says who accepted which bytes, when by the own clock and in UTC, and from where', async () => {
    const { partnerId, email, agent } = members[0]!;
    const [row] = await app.owner.query<{ at: Date }[]>(
      'select accepted_at as at from partner_program.terms_acceptance where partner_id = $1',
      [partnerId],
    );
    const texts = textsOf(await pdfFrom(agent, `${receipt()}?zone=America/Sao_Paulo`))
      .join('\n')
      .replace(/\s/g, '');
    const hash = createHash('sha256').update(PDF).digest('hex');
    const facts = [email, partnerId, '1.Regulamin', hash, row!.at.toISOString(), '(America/Sao_Paulo)', '127.0.0.1'];
    for (const fact of facts) expect(texts).toContain(fact);
  });

  it('tells the time in UTC where no zone is named, and refuses one that there is not', async () => {
    const { agent } = members[0]!;
    expect(textsOf(await pdfFrom(agent, receipt())).join('\n')).not.toContain('Sao_Paulo');
    await agent.get(`${receipt()}?zone=Mars/Olympus`).expect(400);
  });

  it('is there for what one accepted oneself only', async () => {
    const upload = await office.admin
      .post('/partner-program/terms')
      .field('title', 'Nowy')
      .attach('file', Buffer.concat([PDF, Buffer.from('\n%%EOF\n')]), {
        filename: 'n.pdf',
        contentType: 'application/pdf',
      })
      .expect(201);
    const { versionId } = upload.body as { versionId: string };
    await office.admin.post(`/partner-program/terms/${versionId}/publication`).expect(201);
    const { agent } = members[0]!;
    expect(codeOf(await agent.get(receipt(versionId)).expect(404))).toBe('NOT_FOUND');
    await agent.post('/partner-program/terms/acceptances').send({ versionId }).expect(201);
    await pdfFrom(agent, receipt(versionId));
    await pdfFrom(agent, receipt());
    await members[1]!.agent.get(receipt(versionId)).expect(404);
    await office.admin.get(receipt()).expect(403);
    const dashboard = await agent.get('/partner-program').set('accept', 'text/html').expect(200);
    expect(dashboard.text).toContain(receipt(versionId));
  });
});

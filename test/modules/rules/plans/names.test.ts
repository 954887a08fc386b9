import type { TestApp } from '../../../support/app';
import { bootApp } from '../../../support/app';
import { Office, type Member } from '../../../support/program';
import { codeOf } from '../../people/accounts/account-builder';

let app: TestApp;
let office: Office;
let seller: Member;
beforeAll(async () => {
  app = await bootApp();
  office = await Office.open(app);
  await office.levels(500);
  await office.plan({
    kind: 'levels',
    levels: [{ level: 0, rateBps: 4000 }],
    conditions: { products: [' Kredyt  Złotówka'.normalize('NFD')] },
  });
  seller = await office.member();
});
afterAll(() => app.close());

const previewOf = async (id: string) =>
  (await office.admin.get(`/partner-program/contracts/${id}/commission-preview`).expect(200)).body as {
    lines: { rateBps: number }[];
    nearMisses: object[];
    state: string;
  };

describe('[Q1] [Q2] a condition on the product', () => {
  it.each(['Kredyt Złotówka', 'Kredyt Złotówka ', 'Kredyt\u00a0Złotówka', 'Kredyt Złotówka'.normalize('NFD')])(
    'holds for %j, before the signing and after it',
    async (product) => {
      const id = await office.contract(seller, 1_000_00, { product });
      expect(await previewOf(id)).toMatchObject({ lines: [{ rateBps: 4000 }], nearMisses: [] });
      await office.status(id, 'signed');
      await office.settled();
      expect(await previewOf(id)).toMatchObject({ state: 'posted', lines: [{ rateBps: 4000 }] });
    },
  );

  it('names what it misses by case or marks only', async () => {
    const id = await office.contract(seller, 1_000_00, { product: 'kredyt zlotowka' });
    expect(await previewOf(id)).toMatchObject({
      lines: [{ rateBps: 500 }],
      nearMisses: [{ wanted: 'Kredyt Złotówka', found: 'kredyt zlotowka' }],
    });
    const page = await office.admin
      .get(`/partner-program/contracts/${id}/commission-preview`)
      .set('accept', 'text/html')
      .expect(200);
    expect(page.text).toContain('Różnią się tylko zapisem');
    const own = await seller.agent.get(`/partner-program/contracts/${id}/commission-preview`).expect(200);
    expect(own.body).not.toHaveProperty('nearMisses');
    const other = await office.contract(seller, 1_000_00, { product: 'Kredyt Euro' });
    expect(await previewOf(other)).toMatchObject({ nearMisses: [] });
  });
});

describe('[Q1] a rank', () => {
  it('is one that a plan knows', async () => {
    const rank = `/partner-program/partners/${seller.partnerId}/rank`;
    const refused = await office.admin.put(rank).send({ rank: 'Nie ma takiej' }).expect(422);
    expect(codeOf(refused)).toBe('RANK_UNKNOWN');
    expect(refused.body).toMatchObject({ ranks: [] });
    const page = await office.admin.get(`/partner-program/partners/${seller.partnerId}`).set('accept', 'text/html');
    expect(page.text).not.toContain('id="pp-rank"');
    await office.plan({
      kind: 'differential',
      ranks: [
        { rank: 'Dyrektor', rateBps: 800 },
        { rank: ' Doradca ', rateBps: 400 },
      ],
    });
    expect((await office.admin.put(rank).send({ rank: 'nic' }).expect(422)).body).toMatchObject({
      ranks: ['Doradca', 'Dyrektor'],
    });
    await office.admin.put(rank).send({ rank: 'Doradca\u00a0' }).expect(200);
    const after = await office.admin.get(`/partner-program/partners/${seller.partnerId}`).set('accept', 'text/html');
    expect(after.text).toMatch(/<option value="Doradca"\s+selected/);
  });
});

describe('[Q8] what was accrued and matures', () => {
  it('says on every line of the preview from when it is available', async () => {
    await office.plan({
      kind: 'levels',
      levels: [{ level: 0, rateBps: 100 }],
      holdingDays: 14,
      conditions: { products: ['Serwis'] },
    });
    const id = await office.contract(seller, 1_000_00, { product: 'Serwis' });
    expect((await previewOf(id)).lines[0]).not.toHaveProperty('releaseAt');
    await office.status(id, 'signed');
    await office.settled();
    const { asOf, lines } = (await previewOf(id)) as unknown as { asOf: string; lines: { releaseAt: string }[] };
    expect(Date.parse(lines[0]!.releaseAt) - Date.parse(asOf)).toBe(14 * 86_400_000);
  });
});

import { XMLBuilder, XMLParser } from 'fast-xml-parser';
import fc from 'fast-check';
import { Units } from '../../../../modules/kernel/units';
import { bankText } from '../../../../modules/kernel/bank-text';
import { creditTransferTree } from '../../../../modules/money/redemptions/credit-transfer';
import { faultsOf } from './pain-001';

const IBAN = 'PL61109010140000071219812874';
const transfers = [
  {
    id: '0199a3a0-0000-7000-8000-000000000001',
    amountMinor: 1_234_56,
    currency: 'PLN',
    holder: 'Zażółć Gęślą Jaźń',
    iban: IBAN,
  },
  {
    id: '0199a3a0-0000-7000-8000-000000000002',
    amountMinor: 5_000,
    currency: 'JPY',
    holder: 'A & B <C>',
    iban: 'DE89370400440532013000',
  },
  { id: '0199a3a0-0000-7000-8000-000000000003', amountMinor: 1, currency: 'PLN', holder: 'Łukasz Ćwik', iban: IBAN },
];
const order = {
  messageId: 'a'.repeat(32),
  timeZone: 'Europe/Warsaw',
  createdAt: new Date('2026-03-01T12:00:00Z'),
  payer: { name: 'Spółka Przykładowa', iban: IBAN, bic: 'WBKPPLPP' },
  transfers,
  units: new Units(),
  purpose: 'Partner program',
};

/** As a bank reads it: text, with the order of elements kept. */
function written(tree: object): string {
  return new XMLBuilder({ ignoreAttributes: false }).build(tree);
}

describe('[P17] [F76] a pain.001.001.09 file', () => {
  it('says element by element who pays what to whom', () => {
    const parser = new XMLParser({ ignoreAttributes: false, parseTagValue: false });
    const { Document: document } = parser.parse(written(creditTransferTree(order))) as { Document: object };
    const remittance = { RmtInf: { Ustrd: 'Partner program' } };
    const debtor = {
      ReqdExctnDt: { Dt: '2026-03-01' },
      Dbtr: { Nm: 'Spolka Przykladowa' },
      DbtrAcct: { Id: { IBAN } },
      DbtrAgt: { FinInstnId: { BICFI: 'WBKPPLPP' } },
      ChrgBr: 'SLEV',
    };
    expect(document).toEqual({
      '@_xmlns': 'urn:iso:std:iso:20022:tech:xsd:pain.001.001.09',
      CstmrCdtTrfInitn: {
        GrpHdr: {
          MsgId: 'a'.repeat(32),
          CreDtTm: '2026-03-01T12:00:00.000Z',
          NbOfTxs: '3',
          CtrlSum: '6234.57',
          InitgPty: { Nm: 'Spolka Przykladowa' },
        },
        PmtInf: [
          {
            PmtInfId: `${'a'.repeat(31)}-JPY`,
            PmtMtd: 'TRF',
            NbOfTxs: '1',
            CtrlSum: '5000',
            ...debtor,
            CdtTrfTxInf: {
              PmtId: { EndToEndId: '0199a3a0000070008000000000000002' },
              Amt: { InstdAmt: { '@_Ccy': 'JPY', '#text': '5000' } },
              Cdtr: { Nm: 'A B C' },
              CdtrAcct: { Id: { IBAN: 'DE89370400440532013000' } },
              ...remittance,
            },
          },
          {
            PmtInfId: `${'a'.repeat(31)}-PLN`,
            PmtMtd: 'TRF',
            NbOfTxs: '2',
            CtrlSum: '1234.57',
            ...debtor,
            CdtTrfTxInf: [
              {
                PmtId: { EndToEndId: '0199a3a0000070008000000000000001' },
                Amt: { InstdAmt: { '@_Ccy': 'PLN', '#text': '1234.56' } },
                Cdtr: { Nm: 'Zazolc Gesla Jazn' },
                CdtrAcct: { Id: { IBAN } },
                ...remittance,
              },
              {
                PmtId: { EndToEndId: '0199a3a0000070008000000000000003' },
                Amt: { InstdAmt: { '@_Ccy': 'PLN', '#text': '0.01' } },
                Cdtr: { Nm: 'Lukasz Cwik' },
                CdtrAcct: { Id: { IBAN } },
                ...remittance,
              },
            ],
          },
        ],
      },
    });
  });

  it('keeps the order of the schema, and names no bank it does not know', () => {
    const xml = written(creditTransferTree({ ...order, payer: { name: 'Firma', iban: IBAN } }));
    const block = /<PmtInf>.*?<\/PmtInf>/.exec(xml)![0];
    const order0 = [
      ...block.matchAll(/<(PmtInfId|PmtMtd|NbOfTxs|CtrlSum|ReqdExctnDt|Dbtr|DbtrAcct|DbtrAgt|ChrgBr|CdtTrfTxInf)>/g),
    ];
    expect(order0.map(([, name]) => name)).toEqual([
      'PmtInfId',
      'PmtMtd',
      'NbOfTxs',
      'CtrlSum',
      'ReqdExctnDt',
      'Dbtr',
      'DbtrAcct',
      'DbtrAgt',
      'ChrgBr',
      'CdtTrfTxInf',
    ]);
    expect(block).toContain('<DbtrAgt><FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId></DbtrAgt>');
    expect(xml.startsWith('<?xml version="1.0" encoding="UTF-8"?>')).toBe(true);
  });

  const sound = written(creditTransferTree(order));

  it('is in the order and of the form of its schema', () => expect(faultsOf(sound)).toEqual([]));

  it.each([
    ['an element too early', /(<NbOfTxs>3<.NbOfTxs>)(<CtrlSum>[^<]*<.CtrlSum>)/, '$2$1'],
    ['an element twice', /<PmtMtd>TRF<.PmtMtd>/, '$&$&'],
    ['an element that is missing', /<EndToEndId>[^<]*<.EndToEndId>/, ''],
    ['an element that nobody knows', /<PmtMtd>/, '<Any>x</Any>$&'],
    ['another namespace', 'pain.001.001.09', 'pain.001.001.03'],
    ['a name that is too long', 'Zazolc', 'Z'.repeat(80)],
    ['a letter that not every bank takes', 'Zazolc', 'Zażółć'],
    ['an amount of nothing', '>0.01<', '>0.00<'],
    ['an amount without a currency', ' Ccy="JPY"', ''],
    ['an account that is none', IBAN, 'PL6'],
    ['no declaration', /<.xml[^>]*>/, ''],
  ])('is known to be wrong with %s', (_, what, instead) => {
    const spoilt = sound.replace(what, instead);
    expect(spoilt).not.toBe(sound);
    expect(faultsOf(spoilt)).not.toEqual([]);
  });

  it('[Q5] sums exactly', () => {
    const amounts = fc.array(fc.integer({ min: 1, max: 1_000_000_000_000 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(amounts, (all) => {
        const many = all.map((amountMinor) => ({ ...transfers[0]!, amountMinor }));
        const sum = /<CtrlSum>(.*?)<\/CtrlSum>/.exec(written(creditTransferTree({ ...order, transfers: many })))![1]!;
        expect(BigInt(sum.replace('.', ''))).toBe(all.reduce((total, minor) => total + BigInt(minor), 0n));
        expect(sum).toMatch(/^\d+\.\d\d$/);
      }),
    );
  });

  it('is written in the characters that every bank takes, whatever is in a name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (name) => {
        const text = bankText(name, 70);
        expect(text).toMatch(/^[a-zA-Z0-9?:().,'+-][a-zA-Z0-9/\-?:().,'+ ]{0,69}$/);
        expect(text).not.toMatch(/\/\/|\/$| $/);
      }),
      { numRuns: 2_000 },
    );
  });

  it('[F76] stays within the lengths and characters of the schema, whatever people and references are called', () => {
    const awkward = fc.constantFrom('a', '/', ' ', 'Ż', '-', '&', '<', "'", '\u{1F600}', '漢');
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ unit: awkward, maxLength: 300, size: 'max' }),
    );
    const transfer = fc.record({
      id: fc.uuid(),
      amountMinor: fc.integer({ min: 1, max: 1_000_000_000_000 }),
      currency: fc.constantFrom('PLN', 'EUR', 'BRL', 'JPY'),
      holder: text,
      iban: fc.constantFrom(IBAN, 'DE89370400440532013000'),
    });
    const anOrder = fc.record({
      messageId: fc.stringMatching(/^[0-9a-f]{32}$/),
      timeZone: fc.constantFrom('Europe/Warsaw', 'America/Sao_Paulo'),
      createdAt: fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
      payer: fc.record({ name: text, iban: fc.constant(IBAN) }),
      purpose: text,
      units: fc.constant(new Units()),
      transfers: fc.uniqueArray(transfer, { minLength: 1, maxLength: 20, selector: ({ id }) => id }),
    });
    fc.assert(
      fc.property(anOrder, (any) => {
        const xml = written(creditTransferTree(any));
        expect(faultsOf(xml)).toEqual([]);
        const all = (name: string) => [...xml.matchAll(new RegExp(`<${name}(?: [^>]*)?>([^<]*)</${name}>`, 'g'))];
        const texts = (name: string) => all(name).map(([, value]) => value!.replaceAll('&apos;', "'"));
        const expectAll = (name: string, form: RegExp) => {
          for (const value of texts(name)) expect([name, value]).toEqual([name, expect.stringMatching(form)]);
        };
        // Max35Text, and what the European rule book adds: no slash at an end, nor two in a row.
        for (const id of ['MsgId', 'PmtInfId', 'EndToEndId']) {
          expectAll(id, /^(?!\/)(?!.*\/\/)[a-zA-Z0-9/\-?:().,'+ ]{1,35}(?<!\/)$/);
          expect(new Set(texts(id)).size).toBe(texts(id).length);
        }
        expectAll('Nm', /^(?![ /])[a-zA-Z0-9/\-?:().,'+ ]{1,70}(?<![ /])$/);
        expectAll('Ustrd', /^(?![ /])[a-zA-Z0-9/\-?:().,'+ ]{1,140}(?<![ /])$/);
        expectAll('InstdAmt', /^(?=.{1,19}$)\d+(\.\d{2})?$/);
        expectAll('CtrlSum', /^(?=.{1,19}$)\d+(\.\d{1,17})?$/);
        expectAll('IBAN', /^[A-Z]{2}\d{2}[a-zA-Z0-9]{1,30}$/);
        expectAll('CreDtTm', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
        expectAll('Dt', /^\d{4}-\d\d-\d\d$/);
        const [whole, ...blocks] = texts('NbOfTxs').map(Number);
        expect(whole).toBe(any.transfers.length);
        expect(blocks.reduce((sum, count) => sum + count, 0)).toBe(any.transfers.length);
        expect(all('EndToEndId')).toHaveLength(any.transfers.length);
        const hundredths = (amount: string) => BigInt(amount.replace('.', '')) * (amount.includes('.') ? 1n : 100n);
        const sum = (amounts: string[]) => amounts.reduce((total, amount) => total + hundredths(amount), 0n);
        const [group, ...sums] = texts('CtrlSum');
        expect(hundredths(group!)).toBe(sum(texts('InstdAmt')));
        expect(hundredths(group!)).toBe(sum(sums));
      }),
    );
  });
});

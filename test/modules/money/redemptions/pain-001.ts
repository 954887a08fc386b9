import { XMLParser } from 'fast-xml-parser';

/** What may stand in an element: a text, one of several elements, or elements in this order. */
type Content =
  | { readonly text: RegExp; readonly attributes?: Readonly<Record<string, RegExp>> }
  | { readonly oneOf: Elements }
  | { readonly inOrder: Elements };
/** By name: `!` once, `?` at most once, `+` at least once. An element without a content is allowed, and not used by us. */
type Elements = readonly (readonly [name: string, times: '!' | '?' | '+', content?: Content])[];

/** Letters that every bank takes; neither a slash at an end nor two in a row. */
const text = (most: number): Content => ({
  text: new RegExp(`^(?![/ ])(?!.*//)[a-zA-Z0-9/\\-?:().,'+ ]{1,${most}}(?<![/ ])$`),
});
const COUNT: Content = { text: /^[0-9]{1,15}$/ };
const SUM: Content = { text: /^(?=[\d.]{1,19}$)\d{1,18}(\.\d{1,17})?$/ };
const AMOUNT: Content = {
  text: /^(?=[\d.]{1,19}$)(?!0+(\.0*)?$)\d{1,18}(\.\d{1,5})?$/,
  attributes: { Ccy: /^[A-Z]{3}$/ },
};
const NAME: Content = {
  inOrder: [
    ['Nm', '?', text(70)],
    ['PstlAdr', '?'],
    ['Id', '?'],
    ['CtryOfRes', '?'],
    ['CtctDtls', '?'],
  ],
};
const ACCOUNT: Content = {
  inOrder: [
    [
      'Id',
      '!',
      {
        oneOf: [
          ['IBAN', '!', { text: /^[A-Z]{2}[0-9]{2}[a-zA-Z0-9]{1,30}$/ }],
          ['Othr', '!'],
        ],
      },
    ],
    ...(['Tp', 'Ccy', 'Nm', 'Prxy'] as const).map((name) => [name, '?'] as const),
  ],
};
const BANK: Content = {
  inOrder: [
    [
      'FinInstnId',
      '!',
      {
        inOrder: [
          ['BICFI', '?', { text: /^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$/ }],
          ...(['ClrSysMmbId', 'LEI', 'Nm', 'PstlAdr'] as const).map((name) => [name, '?'] as const),
          [
            'Othr',
            '?',
            {
              inOrder: [
                ['Id', '!', text(35)],
                ['SchmeNm', '?'],
                ['Issr', '?'],
              ],
            },
          ],
        ],
      },
    ],
    ['BrnchId', '?'],
  ],
};
const optional = (...names: string[]) => names.map((name) => [name, '?'] as const);

/** One payment. */
const TRANSACTION: Content = {
  inOrder: [
    [
      'PmtId',
      '!',
      {
        inOrder: [
          ['InstrId', '?'],
          ['EndToEndId', '!', text(35)],
          ['UETR', '?'],
        ],
      },
    ],
    ...optional('PmtTpInf'),
    [
      'Amt',
      '!',
      {
        oneOf: [
          ['InstdAmt', '!', AMOUNT],
          ['EqvtAmt', '!'],
        ],
      },
    ],
    ...optional('XchgRateInf', 'ChrgBr', 'MndtRltdInf', 'ChqInstr', 'UltmtDbtr'),
    ...optional('IntrmyAgt1', 'IntrmyAgt1Acct', 'IntrmyAgt2', 'IntrmyAgt2Acct', 'IntrmyAgt3', 'IntrmyAgt3Acct'),
    ...optional('CdtrAgt', 'CdtrAgtAcct'),
    ['Cdtr', '?', NAME],
    ['CdtrAcct', '?', ACCOUNT],
    ...optional('UltmtCdtr', 'InstrForCdtrAgt', 'InstrForDbtrAgt', 'Purp', 'RgltryRptg', 'Tax', 'RltdRmtInf'),
    [
      'RmtInf',
      '?',
      {
        inOrder: [
          ['Ustrd', '?', text(140)],
          ['Strd', '?'],
        ],
      },
    ],
    ...optional('SplmtryData'),
  ],
};

/** Payments of one account on one day. */
const PAYMENTS: Content = {
  inOrder: [
    ['PmtInfId', '!', text(35)],
    ['PmtMtd', '!', { text: /^(CHK|TRF|TRA)$/ }],
    ...optional('ReqdAdvcTp', 'BtchBookg'),
    ['NbOfTxs', '?', COUNT],
    ['CtrlSum', '?', SUM],
    ...optional('PmtTpInf'),
    [
      'ReqdExctnDt',
      '!',
      {
        oneOf: [
          ['Dt', '!', { text: /^\d{4}-\d{2}-\d{2}$/ }],
          ['DtTm', '!'],
        ],
      },
    ],
    ...optional('PoolgAdjstmntDt'),
    ['Dbtr', '!', NAME],
    ['DbtrAcct', '!', ACCOUNT],
    ['DbtrAgt', '!', BANK],
    ...optional('DbtrAgtAcct', 'InstrForDbtrAgt', 'UltmtDbtr'),
    ['ChrgBr', '?', { text: /^(DEBT|CRED|SHAR|SLEV)$/ }],
    ...optional('ChrgsAcct', 'ChrgsAcctAgt'),
    ['CdtTrfTxInf', '+', TRANSACTION],
  ],
};

const GROUP: Content = {
  inOrder: [
    ['MsgId', '!', text(35)],
    ['CreDtTm', '!', { text: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/ }],
    ...optional('Authstn'),
    ['NbOfTxs', '!', COUNT],
    ['CtrlSum', '?', SUM],
    ['InitgPty', '!', NAME],
    ...optional('FwdgAgt', 'InitnSrc'),
  ],
};

const DOCUMENT: Elements = [
  [
    'Document',
    '!',
    {
      inOrder: [
        [
          'CstmrCdtTrfInitn',
          '!',
          {
            inOrder: [
              ['GrpHdr', '!', GROUP],
              ['PmtInf', '+', PAYMENTS],
              ['SplmtryData', '?'],
            ],
          },
        ],
      ],
    },
  ],
];

/** An element as the parser gives it when it keeps the order. */
type Node = Readonly<Record<string, unknown>>;
const nameOf = (node: Node): string => Object.keys(node).find((key) => key !== ':@')!;
const insideOf = (node: Node): readonly Node[] => node[nameOf(node)] as readonly Node[];

/**
 * Where a file is not what ISO 20022 makes of a customer credit transfer initiation, pain.001.001.09: the order of the
 * elements, how often they may be there, and the form of what stands in them. Empty for a file that is in order.
 */
export function faultsOf(xml: string): string[] {
  const options = { preserveOrder: true, ignoreAttributes: false, parseTagValue: false, trimValues: false };
  const nodes = (new XMLParser(options).parse(xml) as readonly Node[]).filter((node) => !isBlank(node));
  const [declaration, ...rest] = nodes;
  const head = declaration && nameOf(declaration) === '?xml' ? [] : ['no declaration of XML'];
  const root = rest[0]?.[':@'] as Record<string, string> | undefined;
  const namespace = root?.['@_xmlns'] === 'urn:iso:std:iso:20022:tech:xsd:pain.001.001.09' ? [] : ['another namespace'];
  return [...head, ...namespace, ...faultsInOrder('', rest, DOCUMENT)];
}

function isBlank(node: Node): boolean {
  return nameOf(node) === '#text' && String(node['#text']).trim() === '';
}

function faultsInOrder(path: string, nodes: readonly Node[], elements: Elements): string[] {
  const faults: string[] = [];
  let at = 0;
  for (const [name, times, content] of elements) {
    const found: Node[] = [];
    while (at < nodes.length && nameOf(nodes[at]!) === name) found.push(nodes[at++]!);
    if (found.length === 0 && times !== '?') faults.push(`${path}/${name} is missing`);
    if (found.length > 1 && times !== '+') faults.push(`${path}/${name} is there ${found.length} times`);
    for (const node of found) faults.push(...faultsIn(`${path}/${name}`, node, content));
  }
  if (at < nodes.length) faults.push(`${path}/${nameOf(nodes[at]!)} is not in its place`);
  return faults;
}

function faultsIn(path: string, node: Node, content: Content | undefined): string[] {
  if (!content) return [`${path} is something that we do not use`];
  if ('text' in content) {
    const value = insideOf(node)
      .map((part) => String(part['#text']))
      .join('');
    const attributes = (node[':@'] ?? {}) as Record<string, string>;
    const wrong = Object.entries(content.attributes ?? {}).filter(
      ([name, form]) => !form.test(attributes[`@_${name}`] ?? ''),
    );
    return [...(content.text.test(value) ? [] : [`${path}: ${value}`]), ...wrong.map(([name]) => `${path}@${name}`)];
  }
  const inside = insideOf(node).filter((part) => !isBlank(part));
  if ('inOrder' in content) return faultsInOrder(path, inside, content.inOrder);
  const chosen = content.oneOf.find(([name]) => inside.length === 1 && name === nameOf(inside[0]!));
  return chosen ? faultsIn(`${path}/${chosen[0]}`, inside[0]!, chosen[2]) : [`${path} needs one choice`];
}

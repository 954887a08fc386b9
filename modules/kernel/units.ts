import type { Locale } from './locale';
import type { Currency } from './money';

/**
 * What amounts are counted in: a currency of ISO 4217, or a unit of the program's own such as points. An amount is a
 * whole number of its smallest parts, of which `digits` decimals make one.
 */
export interface Unit {
  readonly code: Currency;
  readonly digits: number;
  /** Whether a bank can be told to pay it. */
  readonly isMoney: boolean;
  /** What it is called, in each language by its plural forms; null for ISO 4217, which `Intl` knows the signs of. */
  readonly names: UnitNames | null;
  /** What one of it is worth in money; null where it is money itself, and where it has no such worth. */
  readonly worth: UnitWorth | null;
}

/** The forms of `Intl.PluralRules`: at least `other`, which stands for those that are not given. */
export type UnitNames = Readonly<Record<Locale, PluralForms>>;
export type PluralForms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }>;

/** `num / den` minor units of a currency for one whole unit. */
export interface UnitWorth {
  readonly num: number;
  readonly den: number;
  readonly currency: Currency;
}

/** How any code is written; whether it stands for a unit is another question. */
export const UNIT_CODE = /^[A-Z][A-Z0-9_]{1,11}$/;

/** The finest that a program's own unit can be. */
export const MAX_UNIT_DIGITS = 4;

/**
 * The codes of ISO 4217 by the decimals that its list one gives them (SIX, as amended up to 2026). A code that ISO takes
 * back stays here, and its digits never change: books that were written in it have to be read as they were written.
 */
const ISO_4217_BY_DIGITS: readonly (readonly [digits: number, codes: string])[] = [
  [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
  [
    2,
    `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY
     COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS
     INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR
     MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP
     STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG`,
  ],
  [3, 'BHD IQD JOD KWD LYD OMR TND'],
  [4, 'CLF UYW'],
  // Taken back since 2021: into the euro, or for a new currency.
  [2, 'ANG BGN CUC HRK SLL ZWL'],
];

/** Codes of ISO 4217 that have no minor unit, so that nothing can be counted in them: metals, funds, tests, none. */
const ISO_4217_WITHOUT_DIGITS = 'XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX';

const isoUnits: ReadonlyMap<string, Unit> = new Map(
  ISO_4217_BY_DIGITS.flatMap(([digits, codes]) =>
    codes.split(/\s+/).map((code) => [code, { code, digits, isMoney: true, names: null, worth: null }] as const),
  ),
);

/** Every code of ISO 4217: none of them can be a unit of the program's own. */
export const ISO_4217_CODES: readonly string[] = [...isoUnits.keys(), ...ISO_4217_WITHOUT_DIGITS.split(' ')].sort();

export function isoUnit(code: string): Unit | undefined {
  return isoUnits.get(code);
}

/** The units that a program knows: the currencies of ISO 4217, and its own. */
export class Units {
  private readonly byCode: ReadonlyMap<string, Unit>;

  constructor(readonly own: readonly Unit[] = []) {
    this.byCode = new Map(own.map((unit) => [unit.code, unit]));
  }

  find(code: string): Unit | undefined {
    return isoUnits.get(code) ?? this.byCode.get(code);
  }

  /** @throws Error for a code that stands for no unit: an amount is not shown at all rather than wrongly */
  of(code: string): Unit {
    const unit = this.find(code);
    if (!unit) throw new Error(`No unit has the code "${code}".`);
    return unit;
  }

  has(code: unknown): code is Currency {
    return typeof code === 'string' && this.find(code) !== undefined;
  }
}

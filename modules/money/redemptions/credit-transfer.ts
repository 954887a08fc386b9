import { bankText } from '../../kernel/bank-text';
import { dayOf } from '../../kernel/day';
import type { Money } from '../../kernel/money';
import type { Units } from '../../kernel/units';

/** Whose account pays. */
export interface Payer {
  readonly name: string;
  readonly iban: string;
  readonly bic?: string;
}

/** One payment to one account. */
export interface CreditTransfer extends Money {
  /** A UUID; comes back with the bank's statement as the end-to-end id. */
  readonly id: string;
  readonly holder: string;
  readonly iban: string;
}

export interface TransferOrder {
  /** The same for the same payments, so that a bank takes a file it has had before for what it is. At most 35 characters. */
  readonly messageId: string;
  readonly createdAt: Date;
  /** In whose day it is to be carried out. */
  readonly timeZone: string;
  readonly payer: Payer;
  /** At least one. */
  readonly transfers: readonly CreditTransfer[];
  /** What says how many decimals an amount has. */
  readonly units: Units;
  /** Told to everybody who is paid. */
  readonly purpose: string;
}

/**
 * A customer credit transfer initiation, ISO 20022 pain.001.001.09, as a tree in the order of its schema: one block
 * of payments a currency. The control sums are exact; the group's adds all currencies up, as the standard has it.
 */
export function creditTransferTree({ messageId, transfers, ...order }: TransferOrder): object {
  const { createdAt, payer, units } = order;
  const currencies = [...new Set(transfers.map(({ currency }) => currency))].sort();
  const blocks = currencies.map((currency) => {
    const own = transfers.filter((transfer) => transfer.currency === currency);
    return paymentBlock(`${messageId.slice(0, 31)}-${currency}`, { ...order, transfers: own });
  });
  return {
    '?xml': { '@_version': '1.0', '@_encoding': 'UTF-8' },
    Document: {
      '@_xmlns': 'urn:iso:std:iso:20022:tech:xsd:pain.001.001.09',
      CstmrCdtTrfInitn: {
        GrpHdr: {
          MsgId: messageId,
          CreDtTm: createdAt.toISOString(),
          NbOfTxs: String(transfers.length),
          CtrlSum: decimalSum(transfers, units),
          InitgPty: { Nm: bankText(payer.name, 70) },
        },
        PmtInf: blocks,
      },
    },
  };
}

function paymentBlock(id: string, order: Omit<TransferOrder, 'messageId'>): object {
  const { createdAt, timeZone, payer, purpose, transfers, units } = order;
  return {
    PmtInfId: id,
    PmtMtd: 'TRF',
    NbOfTxs: String(transfers.length),
    CtrlSum: decimalSum(transfers, units),
    ReqdExctnDt: { Dt: dayOf(createdAt, timeZone) },
    Dbtr: { Nm: bankText(payer.name, 70) },
    DbtrAcct: { Id: { IBAN: payer.iban } },
    DbtrAgt: { FinInstnId: payer.bic ? { BICFI: payer.bic } : { Othr: { Id: 'NOTPROVIDED' } } },
    ChrgBr: 'SLEV',
    CdtTrfTxInf: transfers.map((transfer) => ({
      PmtId: { EndToEndId: transfer.id.replaceAll('-', '') },
      Amt: { InstdAmt: { '@_Ccy': transfer.currency, '#text': decimalSum([transfer], units) } },
      Cdtr: { Nm: bankText(transfer.holder, 70) },
      CdtrAcct: { Id: { IBAN: transfer.iban } },
      RmtInf: { Ustrd: bankText(purpose, 140) },
    })),
  };
}

/** The sum with as many decimals as the finest currency among them has. */
function decimalSum(amounts: readonly Money[], units: Units): string {
  const digits = Math.max(...amounts.map(({ currency }) => units.of(currency).digits));
  const sum = amounts.reduce((total, { amountMinor, currency }) => {
    return total + BigInt(amountMinor) * 10n ** BigInt(digits - units.of(currency).digits);
  }, 0n);
  const text = String(sum).padStart(digits + 1, '0');
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

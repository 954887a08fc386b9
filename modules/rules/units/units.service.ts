import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { refuseOn } from '../../kernel/query';
import { Refusal } from '../../kernel/refusal';
import { isoUnit } from '../../kernel/units';
import type { Unit, UnitWorth } from '../../kernel/units';
import { attributeChanges } from '../../platform/audit/audit.queries';
import type { Signature } from '../../platform/audit/audit.queries';
import { Program } from '../../platform/program/program.service';
import { UnitRow } from '../../platform/program/unit.entity';

type NewUnit = Pick<Unit, 'code' | 'digits'> & { names: UnitRow['names']; worth?: UnitWorth | null };

@Injectable()
export class UnitsService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly program: Program,
  ) {}

  /** The program's own, by their codes. */
  list(): readonly Unit[] {
    return this.program.now.units.own;
  }

  /** @throws Refusal UNIT_CODE_TAKEN for one that is there and for a code of ISO 4217; CURRENCY_UNKNOWN of the worth */
  async define(by: Signature, { worth, ...unit }: NewUnit): Promise<Unit> {
    refuseUnknown(worth);
    await refuseOn(
      { unit_pkey: 'UNIT_CODE_TAKEN', unit_code_free: 'UNIT_CODE_TAKEN' },
      () =>
        this.db.transaction(async (tx) => {
          await attributeChanges(tx, by);
          await tx.insert(UnitRow, { ...unit, ...worthColumns(worth ?? null) });
        }),
      { currency: unit.code },
    );
    return (await this.program.refresh()).units.of(unit.code);
  }

  /**
   * Its digits are fixed once an account counts in it.
   * @throws Refusal NOT_FOUND, UNIT_IN_USE; CURRENCY_UNKNOWN of the worth
   */
  async change(by: Signature, code: string, { worth, ...changes }: Partial<Omit<NewUnit, 'code'>>): Promise<Unit> {
    refuseUnknown(worth);
    const columns = { ...changes, ...(worth !== undefined && worthColumns(worth)) };
    await refuseOn({ unit_digits_kept: 'UNIT_IN_USE' }, () =>
      this.db.transaction(async (tx) => {
        await attributeChanges(tx, by);
        if (!(await tx.existsBy(UnitRow, { code }))) throw new Refusal('NOT_FOUND');
        if (Object.keys(columns).length > 0) await tx.update(UnitRow, { code }, columns);
      }),
    );
    return (await this.program.refresh()).units.of(code);
  }
}

/** A unit is worth money that a bank knows, not another unit of the program's own. */
function refuseUnknown(worth: UnitWorth | null | undefined): void {
  if (worth && !isoUnit(worth.currency)) throw new Refusal('CURRENCY_UNKNOWN', { currency: worth.currency });
}

function worthColumns(worth: UnitWorth | null): Pick<UnitRow, 'worthNum' | 'worthDen' | 'worthCurrency'> {
  return { worthNum: worth?.num ?? null, worthDen: worth?.den ?? null, worthCurrency: worth?.currency ?? null };
}

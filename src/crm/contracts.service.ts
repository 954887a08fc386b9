import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { currentTime, PartnerProgram } from '../../modules';
import type { ChangeContractDto, ChangeStatusDto, CreateContractDto } from './contracts.dto';
import { changeContract, readContracts, recordContract, type ContractRow } from './contracts.queries';
import { Contract } from './crm.entities';
import { listOf, type List, type ListQuery } from './web/crm-controller';
import { CrmRefusal } from './web/crm-refusal';

/**
 * Contracts. Each change tells the partner program in the transaction that makes it: either both are
 * committed or neither is, so no commission is lost and none is paid for what did not happen.
 */
@Injectable()
export class ContractsService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly partnerProgram: PartnerProgram,
  ) {}

  async list({ limit, cursor }: ListQuery): Promise<List<ContractRow>> {
    return listOf(await readContracts(this.db.manager, { cursor, limit: limit + 1 }), limit);
  }

  async get(id: string): Promise<ContractRow> {
    const [contract] = await readContracts(this.db.manager, { id, limit: 1 });
    if (!contract) throw new CrmRefusal('NOT_FOUND');
    return contract;
  }

  /** @throws CrmRefusal NUMBER_TAKEN, CLIENT_UNKNOWN, SELLER_UNKNOWN */
  async create(fields: CreateContractDto): Promise<ContractRow> {
    const id = uuidv7();
    await this.db.transaction(async (tx) => {
      await tx.insert(Contract, { ...fields, id });
      await this.partnerProgram.contractChanged(tx, await recordContract(tx, id));
    });
    return this.get(id);
  }

  /** @throws CrmRefusal NOT_FOUND */
  async change(id: string, fields: ChangeContractDto): Promise<ContractRow> {
    await this.db.transaction(async (tx) => {
      const contract = await this.lock(tx, id);
      const { valueMinor = contract.valueMinor, product = contract.product, referredBy = contract.referredBy } = fields;
      const same =
        valueMinor === contract.valueMinor && product === contract.product && referredBy === contract.referredBy;
      if (same) return;
      const change = await changeContract(tx, id, { ...contract, valueMinor, product, referredBy, refundBps: null });
      await this.partnerProgram.contractChanged(tx, change);
    });
    return this.get(id);
  }

  /**
   * Asking for the status a contract already has changes nothing, unless it gives back a further share.
   * @throws CrmRefusal NOT_FOUND, STATUS_UNKNOWN; INVALID_INPUT for a refund above the value; FUTURE_CHANGE for a time that has not come
   */
  async changeStatus(
    id: string,
    { status, refundBps, refundMinor, occurredAt: at }: ChangeStatusDto,
  ): Promise<ContractRow> {
    const occurredAt = at == null ? undefined : new Date(at);
    if (occurredAt && occurredAt > currentTime()) throw new CrmRefusal('FUTURE_CHANGE');
    await this.db.transaction(async (tx) => {
      const contract = await this.lock(tx, id);
      if (status === contract.status && refundBps == null && refundMinor == null) return;
      if (refundMinor != null && (refundBps != null || refundMinor > contract.valueMinor)) {
        throw new CrmRefusal('INVALID_INPUT', [
          { field: 'refundMinor', code: 'MAX', message: 'refundMinor is a part of the value' },
        ]);
      }
      const after = { ...contract, status, refundBps: refundBps ?? null, refundMinor: refundMinor ?? null, occurredAt };
      const change = await changeContract(tx, id, after);
      await this.partnerProgram.contractChanged(tx, change);
    });
    return this.get(id);
  }

  private async lock(tx: EntityManager, id: string): Promise<Contract> {
    const contract = await tx.findOne(Contract, { where: { id }, lock: { mode: 'pessimistic_write' } });
    if (!contract) throw new CrmRefusal('NOT_FOUND');
    return contract;
  }
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Program } from '../../platform/program/program.service';
import { attributionOf } from './attribution';
import type { Attributed, Candidate } from './attribution';
import { candidatesFor } from './attribution.queries';
import type { Brought } from './attribution.queries';

/** Says whose contract it is. @see P20 */
@Injectable()
export class AttributionService {
  constructor(private readonly program: Program) {}

  /** The same contracts, each with the partner whose it is, in the words of the table of events. One statement. */
  async attribute<Contract extends Brought>(
    tx: EntityManager,
    contracts: readonly Contract[],
  ): Promise<(Contract & Attributed)[]> {
    const candidates = await candidatesFor(tx, contracts);
    return contracts.map((contract, index) => this.among(candidates[index]!, contract));
  }

  /** A contract with the partner whose it is of those whom the sources name. */
  among<Contract extends Pick<Brought, 'referredBy'>>(
    candidates: readonly Candidate[],
    contract: Contract,
  ): Contract & Attributed {
    const found = attributionOf(this.program.now.attributionOrder, candidates, contract.referredBy);
    const { partnerId: attributedTo, source: attributionSource, reason: attributionReason } = found;
    return { ...contract, attributedTo, attributionSource, attributionReason };
  }
}

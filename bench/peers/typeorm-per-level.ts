import { Column, DataSource, Entity, ManyToOne, OneToMany, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/**
 * Commissions the way a tutorial writes them: entities are loaded, changed and saved, level by level, in the
 * transaction that signs the contract. It stores what ours stores: the contract, balances, entries and lines.
 */
@Entity({ schema: 'peer', name: 'partner' })
export class PeerPartner {
  @PrimaryColumn('uuid') id: string;
  @Column('text', { unique: true }) userId: string;
  @Column('uuid', { nullable: true }) sponsorId: string | null;
  @Column('boolean', { default: true }) active: boolean;
}

@Entity({ schema: 'peer', name: 'plan' })
export class PeerPlan {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column('boolean') active: boolean;
  @OneToMany(() => PeerPlanLevel, (level) => level.plan) levels: PeerPlanLevel[];
}

@Entity({ schema: 'peer', name: 'plan_level' })
export class PeerPlanLevel {
  @PrimaryGeneratedColumn('uuid') id: string;
  @ManyToOne(() => PeerPlan, (plan) => plan.levels) plan: PeerPlan;
  @Column('integer') level: number;
  @Column('integer') rateBps: number;
}

@Entity({ schema: 'peer', name: 'contract' })
export class PeerContract {
  @PrimaryColumn('text') id: string;
  @Column('text') sellerId: string;
  @Column('text') status: string;
  @Column('bigint') valueMinor: number;
}

@Entity({ schema: 'peer', name: 'wallet' })
export class PeerWallet {
  @PrimaryGeneratedColumn('uuid') id: string;
  @ManyToOne(() => PeerPartner) partner: PeerPartner;
  @Column('bigint', { default: 0 }) balanceMinor: number;
}

@Entity({ schema: 'peer', name: 'wallet_entry' })
export class PeerWalletEntry {
  @PrimaryGeneratedColumn('uuid') id: string;
  @ManyToOne(() => PeerWallet) wallet: PeerWallet;
  @Column('bigint') amountMinor: number;
  @Column('bigint') balanceAfterMinor: number;
  @Column({ type: 'timestamptz', default: () => 'now()' }) at: Date;
}

@Entity({ schema: 'peer', name: 'commission' })
export class PeerCommission {
  @PrimaryGeneratedColumn('uuid') id: string;
  @ManyToOne(() => PeerContract) contract: PeerContract;
  @ManyToOne(() => PeerPartner) partner: PeerPartner;
  @Column('integer') level: number;
  @Column('integer') rateBps: number;
  @Column('bigint') amountMinor: number;
}

export const PEER_ENTITIES = [
  PeerPartner,
  PeerPlan,
  PeerPlanLevel,
  PeerContract,
  PeerWallet,
  PeerWalletEntry,
  PeerCommission,
];

/** Signs a contract and pays everybody up the tree. */
export async function signContract(db: DataSource, contract: Omit<PeerContract, 'status'>): Promise<void> {
  await db.transaction(async (tx) => {
    const signed = await tx.save(tx.create(PeerContract, { ...contract, status: 'signed' }));
    const plan = await tx.findOneOrFail(PeerPlan, { where: { active: true }, relations: { levels: true } });
    let partner = await tx.findOneBy(PeerPartner, { userId: contract.sellerId });
    for (let level = 0; partner; level += 1) {
      const rate = plan.levels.find((one) => one.level === level);
      if (rate && partner.active) {
        const amountMinor = Math.floor((contract.valueMinor * rate.rateBps) / 10_000);
        const wallet = await tx.findOneOrFail(PeerWallet, {
          where: { partner: { id: partner.id } },
          lock: { mode: 'pessimistic_write' },
        });
        wallet.balanceMinor = Number(wallet.balanceMinor) + amountMinor;
        await tx.save(wallet);
        await tx.save(tx.create(PeerWalletEntry, { wallet, amountMinor, balanceAfterMinor: wallet.balanceMinor }));
        await tx.save(
          tx.create(PeerCommission, { contract: signed, partner, level, rateBps: rate.rateBps, amountMinor }),
        );
      }
      const { sponsorId }: PeerPartner = partner;
      partner = sponsorId === null ? null : await tx.findOneBy(PeerPartner, { id: sponsorId });
    }
  });
}

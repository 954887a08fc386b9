import { DataSource } from 'typeorm';
import { PEER_ENTITIES, signContract } from '../peers/typeorm-per-level';
import { CpuMeter } from '../support/cpu';
import { keepConnections } from '../support/lab';
import type { Lab } from '../support/lab';
import { measure, perSecond } from '../support/rounds';
import type { Measure } from '../support/rounds';
import { planOf } from '../support/seed';
import { AccrualRun, PRODUCERS } from './accrual';

const OURS_MS = 500;
const PEER_MS = 900;

/** CPU of the program and of the server per contract, against entities that are loaded and saved level by level. */
export async function accrualCpu(lab: Lab): Promise<Measure> {
  const { cpu } = lab;
  const peer = await openPeer(lab);
  const ours = await AccrualRun.prepare(lab);
  let number = 0;
  try {
    return await measure({
      id: 'H1b',
      unit: 'CPU µs/contract',
      reach: { atLeast: 20 },
      ratio: 'peer / figure',
      async figure() {
        const before = cpu.read();
        const { contracts } = await ours.run(OURS_MS);
        return CpuMeter.between(before, cpu.read()) / contracts;
      },
      async floor() {
        const before = cpu.read();
        let contracts = 0;
        await perSecond(PRODUCERS, PEER_MS, async () => {
          const { sellerId, valueMinor } = ours.change();
          await signContract(peer, { id: `peer-${number++}`, sellerId: sellerId!, valueMinor });
          contracts += 1;
        });
        return CpuMeter.between(before, cpu.read()) / contracts;
      },
    });
  } finally {
    await peer.destroy();
  }
}

async function openPeer(lab: Lab): Promise<DataSource> {
  const { owner } = lab;
  await owner.query('drop schema if exists peer cascade; create schema peer');
  const peer = await new DataSource({
    type: 'postgres',
    url: lab.ownerUrl,
    entities: PEER_ENTITIES,
    synchronize: true,
    poolSize: PRODUCERS,
  }).initialize();
  keepConnections(peer);
  await owner.query(`
    insert into peer.partner ("id", "userId", "sponsorId") select id, user_id, sponsor_id from partner_program.partner;
    insert into peer.wallet ("partnerId") select id from peer.partner;
    create index on peer.wallet ("partnerId"); create index on peer.wallet_entry ("walletId");
    create index on peer.commission ("partnerId"); create index on peer.commission ("contractId");
    insert into peer.plan (active) values (true)`);
  for (const { level, rateBps } of planOf(500).levels) {
    await owner.query(`insert into peer.plan_level ("planId", level, "rateBps") select id, $1, $2 from peer.plan`, [
      level,
      rateBps,
    ]);
  }
  await owner.query('analyze');
  return peer;
}

import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** How likely a contract in a status is to come about, in basis points: what forecasts are weighed with. @see P19 */
@Entity({ schema: 'partner_program', name: 'forecast_weight' })
@Check('forecast_weight_share', 'weight_bps between 0 and 10000')
export class ForecastWeight {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'forecast_weight_pkey' }) status: string;
  @Column('integer', { name: 'weight_bps' }) weightBps: number;
}

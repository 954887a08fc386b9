import { Body, Get, HttpCode, Injectable, Post } from '@nestjs/common';
import { IsISO8601 } from 'class-validator';
import { currentTime, type TestClock } from '../../modules';
import { Open } from './web/access.guard';
import { CrmController } from './web/crm-controller';
import { CrmRefusal } from './web/crm-refusal';

export class MoveClockDto {
  @IsISO8601({ strict: true }) now: string;
}

/** The clock that development and tests may move; in production there is none. */
@Injectable()
export class MovableClock {
  private clock?: TestClock;
  private moves: Promise<unknown> = Promise.resolve();

  use(clock: TestClock): void {
    this.clock = clock;
  }

  /** @throws CrmRefusal NOT_FOUND in production */
  now(): Date {
    return this.required().now();
  }

  /** One move after the other. @throws CrmRefusal NOT_FOUND in production, CLOCK_BACKWARDS */
  moveTo(moment: Date): Promise<Date> {
    const clock = this.required();
    const moved = this.moves.then(() => {
      if (moment < currentTime()) throw new CrmRefusal('CLOCK_BACKWARDS');
      return clock.moveTo(moment);
    });
    this.moves = moved.catch(() => undefined);
    return moved;
  }

  private required(): TestClock {
    if (!this.clock) throw new CrmRefusal('NOT_FOUND');
    return this.clock;
  }
}

/** What happens on 7 December is seen today: open to anybody, as the mailbox is; absent in production. */
@CrmController('crm/clock')
export class ClockController {
  constructor(private readonly clock: MovableClock) {}

  @Get()
  @Open()
  now() {
    return { now: this.clock.now() };
  }

  @Post()
  @Open()
  @HttpCode(200)
  async move(@Body() { now }: MoveClockDto) {
    return { now: await this.clock.moveTo(new Date(now)) };
  }
}

import { Injectable } from '@nestjs/common';
import type { Locale } from '../../kernel/locale';
import { Messages } from '../web/pages/messages.service';
import type { NotificationFacts } from './facts';

/** How a notification is said. */
export interface Wording {
  /** One line: in the portal, and the subject of the mail. */
  readonly text: string;
  /** What the mail says besides, up to the link. */
  readonly detail: string;
  /** The page it is about. */
  readonly href: string;
}

@Injectable()
export class Wordings {
  constructor(private readonly messages: Messages) {}

  of(locale: Locale, facts: NotificationFacts): Wording {
    const { partnerId, kind, about, outcome, reason, name } = facts;
    switch (kind) {
      case 'commission':
        return {
          ...this.say(locale, 'commission', { count: facts.contracts, amount: this.sums(locale, facts, true) }),
          href: `/partner-program/partners/${partnerId}/entries`,
        };
      case 'withdrawal':
        return {
          ...this.say(locale, outcome === 'paid' ? 'withdrawalPaid' : 'withdrawalRejected', {
            amount: this.sums(locale, facts),
            reason: reason ?? '',
          }),
          href: '/partner-program/withdrawals',
        };
      case 'newPartner':
        return { ...this.say(locale, kind, { name }), href: `/partner-program/partners/${about}` };
      case 'terms':
        return { ...this.say(locale, kind, { title: name }), href: '/partner-program' };
    }
  }

  private say(locale: Locale, event: string, params: Readonly<Record<string, unknown>>): Omit<Wording, 'href'> {
    return {
      text: this.messages.text(locale, `notify.${event}`, params),
      detail: this.messages.text(locale, `notify.${event}.detail`, params),
    };
  }

  /** What it comes to in each unit; they are never added together. */
  private sums(locale: Locale, { amounts }: NotificationFacts, signed = false): string {
    return (amounts ?? []).map((sum) => this.messages.money(locale, sum, signed)).join(', ');
  }
}

/** What an invitation's text may stand in for; nothing else in it is ever evaluated. @see F75 */
export interface InvitationFacts {
  readonly firstName: string;
  readonly inviter: string;
  readonly link: string;
}

type Fact = keyof InvitationFacts;

const PLACEHOLDERS: Readonly<Record<string, Fact>> = {
  firstName: 'firstName',
  imie: 'firstName',
  nome: 'firstName',
  inviter: 'inviter',
  zapraszajacy: 'inviter',
  convidante: 'inviter',
  link: 'link',
};

/**
 * The subject with its placeholders filled; the link stays out of it, because subjects are shown and logged everywhere.
 */
export function filledSubject(subject: string, facts: InvitationFacts): string {
  return filled(subject, facts, ['firstName', 'inviter']);
}

/** The text with its placeholders filled, and the link at its end where it is not in it. @see P8 */
export function filledBody(body: string, facts: InvitationFacts): string {
  const text = filled(body, facts, ['firstName', 'inviter', 'link']);
  return text.includes(facts.link) ? text : `${text.trimEnd()}\n\n${facts.link}`;
}

/** One pass: what was filled in is not looked at again. */
function filled(text: string, facts: InvitationFacts, allowed: readonly Fact[]): string {
  return text.replace(/\{\{\s*(\w{1,20})\s*\}\}/g, (written, name: string) => {
    const fact = Object.hasOwn(PLACEHOLDERS, name) ? PLACEHOLDERS[name] : undefined;
    return fact !== undefined && allowed.includes(fact) ? facts[fact] : written;
  });
}

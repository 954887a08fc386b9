import fc from 'fast-check';
import { filledBody, filledSubject } from '../../../../modules/doors/invitations/invitation-text';

const facts = { firstName: 'Łucja', inviter: 'Jan Kos', link: 'https://crm.example/zaproszenie/abc' };

it('[P7] fills the placeholders of all three languages, and nothing that is filled in twice', () => {
  expect(
    filledBody('{{imie}} {{ nome }} {{firstName}}: {{zapraszajacy}} {{convidante}} {{inviter}} {{link}}', facts),
  ).toBe(`Łucja Łucja Łucja: Jan Kos Jan Kos Jan Kos ${facts.link}`);
  expect(filledBody('{{imie}}', { ...facts, firstName: '{{inviter}}{{link}}' })).toBe(
    `{{inviter}}{{link}}\n\n${facts.link}`,
  );
});

it('[P8] adds the link where the text has none, and keeps it out of the subject', () => {
  expect(filledBody('Zapraszam.\n', facts)).toBe(`Zapraszam.\n\n${facts.link}`);
  expect(filledSubject('{{link}} {{imie}}', facts)).toBe('{{link}} Łucja');
});

it.each([
  '{{constructor}}',
  '{{__proto__}}',
  '{{#each this}}{{/each}}',
  '${7*7}',
  '<%= 7*7 %>',
  '#{7*7}',
  '{{{link}}',
  '{{toString}}',
])('[F75] leaves %s as it is', (text) => {
  expect(filledSubject(text, facts)).toBe(text);
  expect(filledBody(`${text} {{link}}`, facts)).toContain(text === '{{{link}}' ? `{${facts.link}` : text);
});

it('[F75] leaves every text without our placeholders as it is', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }).filter((text) => !/\{\{\s*\w+\s*\}\}/.test(text)),
      (text) => {
        expect(filledSubject(text, facts)).toBe(text);
        expect(filledBody(`${text}${facts.link}`, facts)).toBe(`${text}${facts.link}`);
      },
    ),
  );
});

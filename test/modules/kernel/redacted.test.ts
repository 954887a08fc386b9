import { redacted } from '../../../modules/kernel/redacted';
import { newSecret } from '../../../modules/kernel/token';

it('[F60] [F86] lets no address, token or signing secret into a log', () => {
  const secrets = ['ala@poczta.example', newSecret(), `whsec_${'aB3+/'.repeat(8)}Zz0=`, `pp_${newSecret()}`];
  const text = redacted(
    `Mail to ${secrets[0]} about /invitations/${secrets[1]} signed by ${secrets[2]} with ${secrets[3]}.`,
  );
  for (const secret of secrets) expect(text).not.toContain(secret);
  expect(text).toBe('Mail to <e-mail> about /invitations/<token> signed by <secret> with <token>.');
});

import { QueryFailedError } from 'typeorm';
import { isTransient, isUndone } from '../../../modules/kernel/transient';

const withCode = (code: string) => Object.assign(new Error('from the database'), { code });

describe('[F21] an error', () => {
  it.each(['40001', '40P01', '55P03', '57P01', '08006', '53300', '53100', 'ECONNREFUSED'])('%s passes', (code) => {
    expect(isTransient(withCode(code))).toBe(true);
    expect(isTransient(new QueryFailedError('select', [], withCode(code)))).toBe(true);
  });

  it.each([
    'Connection terminated unexpectedly',
    'Client has encountered a connection error and is not queryable',
    'Query runner already released. Cannot run queries anymore.',
    'Database connection provided by a query runner was already released, cannot continue to use its querying methods anymore.',
  ])('that says "%s" passes', (message) => expect(isTransient(new Error(message))).toBe(true));

  it.each(['23505', '42501', '22003', '57014'])('%s is about the work itself', (code) => {
    expect(isTransient(withCode(code))).toBe(false);
  });

  it.each([new TypeError('x is undefined'), undefined, null, 'Connection terminated'])(
    '%s is not of the database',
    (error) => {
      expect(isTransient(error)).toBe(false);
    },
  );

  it.each(['40001', '40P01', '55P03'])('%s leaves nothing committed', (code) => {
    expect(isUndone(new QueryFailedError('select', [], withCode(code)))).toBe(true);
  });

  it.each([
    withCode('57P01'),
    withCode('08006'),
    withCode('ECONNRESET'),
    new Error('Connection terminated'),
    undefined,
  ])('%s may have come after the commit', (error) => expect(isUndone(error)).toBe(false));
});

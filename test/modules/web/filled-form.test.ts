import { fillAgain } from '../../../modules/web/forms/filled-form';

const PAGE = `
<form action="/search"><input name="reason" value="other"></form>
<details class="a"><summary>x</summary>
<form class="b" method="post" action="/pay?a&#x3D;1&amp;b&#x3D;2">
<input type="hidden" name="currency" value="EUR"><input name="amountMinor" value="1">
</form></details>
<details class="a"><summary>x</summary>
<form class="b" method="post" action="/pay?a&#x3D;1&amp;b&#x3D;2">
<input type="hidden" name="currency" value="PLN"><input type="hidden" name="idempotencyKey" value="fresh">
<input id="amount" name="amountMinor" value="1" required aria-describedby="hint">
<input type="password" name="secret">
<input name="levels[0][rateBps]"><input name="levels[1][rateBps]"><input name="levels[2][rateBps]">
<select name="kind"><option value="a" selected>A</option><option value="b">B</option></select>
<input type="checkbox" name="agreed" checked><input type="checkbox" name="ids[]" value="7">
<textarea name="reason" rows="2">old</textarea>
</form></details>`;

const typed = {
  currency: 'PLN',
  idempotencyKey: 'stale',
  amountMinor: '1 000"><script>',
  secret: 'hunter2',
  levels: { 0: { rateBps: '' }, 1: { rateBps: '5' }, 2: { rateBps: 'x' } },
  kind: 'b',
  ids: ['7'],
  reason: '</textarea>$&',
};
const problem = {
  type: 'urn:x',
  title: 'x',
  status: 400,
  code: 'INVALID_INPUT',
  detail: 'x',
  errors: [
    { field: 'amountMinor', code: 'IS_INT', message: '<b>' },
    { field: 'levels.1.rateBps', code: 'IS_INT', message: 'second filled row' },
    { field: 'elsewhere', code: 'X', message: 'no such field' },
  ],
};
const { html, faults } = fillAgain(PAGE, { action: '/pay?a=1&b=2', page: '/desk?x=1', typed, problem });

it('[Q12] fills in the form that was sent, and no other', () => {
  expect(html).toContain('<form action="/search"><input name="reason" value="other"></form>');
  expect(html).toContain('<input type="hidden" name="currency" value="EUR"><input name="amountMinor" value="1">');
  expect(html).toContain('<option value="a">A</option><option value="b" selected="">B</option>');
  expect(html).toContain(
    '<input type="checkbox" name="agreed"><input type="checkbox" name="ids[]" value="7" checked="">',
  );
  expect(html).toContain('name="levels[1][rateBps]" value="5"');
});

it('[F74] escapes what was typed, shows no password and keeps what the fresh page says', () => {
  expect(html).toContain('value="1 000&quot;&gt;&lt;script&gt;"');
  expect(html).toContain('&lt;/textarea&gt;$&amp;</textarea>');
  expect(html).not.toContain('hunter2');
  expect(html).toContain('name="idempotencyKey" value="fresh"');
});

it('[Q12] marks the faulty fields, also of rows after empty ones, and says where each is', () => {
  expect(html).toMatch(
    /<input name="amountMinor" required [^>]*id="amount" aria-invalid="true" aria-describedby="pp-fault-0 hint">/,
  );
  expect(html).toContain('<span class="pp-field__error" id="pp-fault-0">&lt;b&gt;</span>');
  expect(html).toMatch(/name="levels\[2\]\[rateBps\]" value="x" id="pp-field-1"/);
  expect(faults.map(({ id }) => id)).toEqual(['amount', 'pp-field-1', undefined]);
});

it('opens what the form is folded into, and lets the form remember its page', () => {
  expect(html.match(/<details open class="a">/g)).toHaveLength(1);
  expect(html).toContain('action="/pay?a&#x3D;1&amp;b&#x3D;2&amp;_from&#x3D;%2Fdesk%3Fx%3D1"');
});

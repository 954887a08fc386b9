/*
 * Small comforts on pages that work without them: copy a link, ask before what cannot be taken back, show
 * times in the reader's own zone, and do not send a form twice.
 */
(() => {
  // Set here and not in the page's head, so that it also holds in a layout of the host's own.
  if (window.htmx)
    Object.assign(window.htmx.config, { allowEval: false, includeIndicatorStyles: false, selfRequestsOnly: true });

  const enhance = (root) => {
    for (const part of root.querySelectorAll('[data-pp-copy], [data-pp-scripted]')) part.hidden = false;
    for (const time of root.querySelectorAll('.pp-root time[datetime]')) {
      const format = { dateStyle: 'medium', timeStyle: 'short' };
      time.textContent = new Intl.DateTimeFormat(document.documentElement.lang, format).format(new Date(time.dateTime));
    }
    for (const link of root.querySelectorAll('a[data-pp-zone]')) {
      const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
      if (zone) link.search = new URLSearchParams({ zone });
    }
  };

  // A table as spreadsheets take it: tabs between the cells.
  const cellOf = ({ innerText, colSpan }) => innerText.replace(/\s+/g, ' ').trim() + '\t'.repeat(colSpan - 1);
  const cellsOf = ({ rows }) => [...rows].map(({ cells }) => [...cells].map(cellOf).join('\t')).join('\n');

  document.addEventListener('click', async (event) => {
    const button = event.target.closest('[data-pp-copy]');
    if (!button) return;
    const source = document.getElementById(button.dataset.ppCopy);
    if (source.select) source.select();
    else getSelection().selectAllChildren(source);
    if (navigator.clipboard) await navigator.clipboard.writeText(source.value ?? cellsOf(source));
    else document.execCommand('copy'); // Over plain http there is no clipboard to ask.
    const before = button.textContent;
    button.textContent = `✓ ${button.dataset.ppCopied}`;
    setTimeout(() => (button.textContent = before), 2000);
  });

  document.addEventListener('click', ({ target }) => {
    if (target.closest('[data-pp-print]')) print();
  });

  document.addEventListener('submit', (event) => {
    const form = event.target;
    const { ppConfirm, ppSent, ppSure } = form.dataset;
    if (ppSent || (ppConfirm && !ppSure)) event.preventDefault();
    if (ppConfirm && !ppSure) return ask(form, event.submitter);
    if (form.method === 'post') form.dataset.ppSent = 'true';
  });

  const ask = (form, submitter) => {
    const dialog = document.createElement('dialog');
    dialog.className = 'pp-dialog';
    const question = document.createElement('p');
    question.textContent = form.dataset.ppConfirm;
    const answers = document.createElement('form');
    answers.method = 'dialog';
    answers.className = 'pp-row';
    const yes = answerButton(submitter?.textContent ?? 'OK', 'yes', 'pp-button pp-button--main');
    const no = answerButton(form.dataset.ppCancel, 'no', 'pp-button');
    answers.append(yes, no);
    dialog.append(question, answers);
    for (const line of form.dataset.ppLines?.split('\n') ?? []) {
      const item = document.createElement('p');
      item.textContent = line;
      question.after(item);
    }
    form.closest('.pp-root').append(dialog);
    dialog.addEventListener('close', () => {
      dialog.remove();
      if (dialog.returnValue !== 'yes') return submitter?.focus();
      form.dataset.ppSure = 'true';
      form.requestSubmit(submitter);
    });
    dialog.showModal();
  };

  const answerButton = (text, value, className) =>
    Object.assign(document.createElement('button'), { textContent: text, value, className });

  // The program says how many decimals a unit has, in the amounts it writes; browsers may think otherwise.
  const digitsOf = (decimal) => (decimal.split('.')[1] ?? '').length;
  const inUnit = (code, amount, digits) => {
    const shape = { minimumFractionDigits: digits, maximumFractionDigits: digits };
    const written = (style) =>
      new Intl.NumberFormat(document.documentElement.lang, { ...shape, ...style }).format(amount);
    return code.length === 3 ? written({ style: 'currency', currency: code }) : `${written()}\u00a0${code}`;
  };

  // Paying many at once: the button counts and sums, the question names everybody.
  const ticked = () => [...document.querySelectorAll('input[form="pp-bulk"]:checked')];
  const countBulk = (form) => {
    const sums = {};
    const lines = ticked().map(({ dataset: { ppName, ppAmount } }) => {
      const [code, decimal] = ppAmount.split(':');
      const { amount = 0, digits = digitsOf(decimal) } = sums[code] ?? {};
      sums[code] = { amount: amount + Number(decimal), digits };
      return `${ppName}: ${inUnit(code, Number(decimal), digits)}`;
    });
    const total = Object.entries(sums)
      .map(([code, { amount, digits }]) => inUnit(code, amount, digits))
      .join(' + ');
    const { ppLabel, ppQuestion } = form.dataset;
    form.querySelector('button').textContent = lines.length > 0 ? `${ppLabel} (${lines.length}) – ${total}` : ppLabel;
    form.querySelector('button').disabled = lines.length === 0;
    form.dataset.ppConfirm = `${ppQuestion} ${total}`;
    form.dataset.ppLines = lines.toReversed().join('\n');
  };
  const bulk = document.getElementById('pp-bulk');
  if (bulk) {
    bulk.querySelector('[data-pp-plain]').remove();
    document.addEventListener('change', () => countBulk(bulk));
    countBulk(bulk);
  }

  // The queue by single keys, which can be turned off: j and k move, x ticks, Enter opens, p pays.
  const KEYS_OFF = 'pp-keys-off';
  const queue = document.querySelector('[data-pp-queue]');
  if (queue) {
    const keysOn = queue.parentElement.querySelector('[data-pp-keys-on]');
    keysOn.closest('[data-pp-keys]').hidden = false;
    keysOn.checked = localStorage.getItem(KEYS_OFF) === null;
    keysOn.addEventListener('change', () =>
      keysOn.checked ? localStorage.removeItem(KEYS_OFF) : localStorage.setItem(KEYS_OFF, 'true'),
    );
    const rows = [...queue.tBodies[0].rows];
    for (const row of rows) row.tabIndex = -1;
    const actions = {
      j: (at) => rows[Math.min(at + 1, rows.length - 1)].focus(),
      k: (at) => rows[Math.max(at - 1, 0)].focus(),
      x: (at) => rows[at]?.querySelector('input[form="pp-bulk"]')?.click(),
      Enter: (at) => rows[at]?.querySelector('[data-pp-open]').click(),
      p: (at) => rows[at]?.querySelector('details > summary')?.click(),
      '?': () => keysOn.focus(),
    };
    document.addEventListener('keydown', (event) => {
      const { key, target, altKey, ctrlKey, metaKey } = event;
      const writing = target.closest('input:not([type=checkbox]), textarea, select, dialog');
      const pressed = key === 'Enter' && target.tagName !== 'TR';
      if (!keysOn.checked || writing || pressed || altKey || ctrlKey || metaKey || !actions[key]) return;
      event.preventDefault();
      actions[key](rows.indexOf(target.closest('tr')));
    });
  }

  // The tree by keyboard: one row can be reached with Tab, the arrow keys go on from there.
  const treeRows = (tree) => [...tree.tBodies[0].rows];
  const reach = (tree, row) => {
    for (const other of treeRows(tree)) other.tabIndex = other === row ? 0 : -1;
    row.focus();
  };
  const enhanceTree = (tree) => {
    const rows = treeRows(tree);
    for (const row of rows) row.tabIndex = -1;
    const target =
      rows.find((row) => `#${row.id}` === location.hash) ?? rows.find((row) => row.matches('[data-pp-focus]'));
    (target ?? rows[0]).tabIndex = 0;
    target?.focus();
    for (const link of tree.querySelectorAll('a')) link.tabIndex = -1;
    tree.closest('section').querySelector('[data-pp-keys]').hidden = false;
  };
  const levelOf = (row) => Number(row.getAttribute('aria-level'));
  const unfold = async (tree, href) => {
    tree.setAttribute('aria-busy', 'true');
    const answer = await fetch(href, { headers: { accept: 'text/html', 'hx-request': 'true' } });
    if (!answer.ok) return location.assign(href);
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    history.replaceState(null, '', href);
    tree.tBodies[0].replaceWith(page.querySelector('[data-pp-tree]').tBodies[0]);
    tree.removeAttribute('aria-busy');
    enhance(tree);
    enhanceTree(tree);
  };
  document.addEventListener('click', (event) => {
    const toggle = event.target.closest('[data-pp-toggle]');
    if (!toggle || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    void unfold(toggle.closest('table'), toggle.href);
  });
  const toggleOf = (row) => row.querySelector('[data-pp-toggle]').href;
  // All rows beside this one: the last link says what is open by then, the address of this row where to return to.
  const unfoldLevel = (tree, row) => {
    const rows = treeRows(tree);
    const isAbove = (other) => levelOf(other) < levelOf(row);
    const at = rows.indexOf(row);
    const end = rows.findIndex((other, index) => index > at && isAbove(other));
    const level = rows.slice(rows.slice(0, at).findLastIndex(isAbove) + 1, end < 0 ? undefined : end);
    const folded = level.filter(
      (one) => levelOf(one) === levelOf(row) && one.getAttribute('aria-expanded') === 'false',
    );
    if (folded.length === 0) return;
    const url = new URL(toggleOf(folded[0]));
    const ids = folded.slice(1).map(({ id }) => id.slice(2));
    url.searchParams.set('open', [url.searchParams.get('open'), ...ids].join(','));
    url.hash = row.id;
    void unfold(tree, url.href);
  };
  const typed = { text: '', at: 0 };
  const nameOf = (row) => row.querySelector('[data-pp-open]').textContent.trim().toLocaleLowerCase();
  const findTyped = (tree, row, key) => {
    const rows = treeRows(tree);
    typed.text = Date.now() - typed.at < 700 ? typed.text + key : key;
    typed.at = Date.now();
    const start = rows.indexOf(row) + (typed.text.length === 1 ? 1 : 0);
    const found = [...rows.slice(start), ...rows.slice(0, start)].find((one) =>
      nameOf(one).startsWith(typed.text.toLocaleLowerCase()),
    );
    if (found) reach(tree, found);
  };
  const treeKey = (tree, row, key) => {
    const rows = treeRows(tree);
    const at = rows.indexOf(row);
    const expanded = row.getAttribute('aria-expanded');
    const above = rows.slice(0, at).findLast((other) => levelOf(other) < levelOf(row));
    const goals = { ArrowDown: rows[at + 1], ArrowUp: rows[at - 1], Home: rows[0], End: rows.at(-1) };
    if (key === 'ArrowRight')
      return expanded === 'false' ? unfold(tree, toggleOf(row)) : expanded && reach(tree, rows[at + 1]);
    if (key === 'ArrowLeft') return expanded === 'true' ? unfold(tree, toggleOf(row)) : above && reach(tree, above);
    if (key === 'Enter') return row.querySelector('[data-pp-open]').click();
    if (key === '*') return unfoldLevel(tree, row);
    if (!(key in goals)) return findTyped(tree, row, key);
    if (goals[key]) reach(tree, goals[key]);
  };
  const TREE_KEYS = ['ArrowDown', 'ArrowUp', 'ArrowLeft', 'ArrowRight', 'Home', 'End', 'Enter'];
  document.addEventListener('keydown', (event) => {
    const row = event.target.closest('[data-pp-tree] tbody tr');
    if (!row || event.target !== row || event.altKey || event.ctrlKey || event.metaKey) return;
    if (!TREE_KEYS.includes(event.key) && !/^[^ ]$/u.test(event.key)) return;
    event.preventDefault();
    treeKey(row.closest('table'), row, event.key);
  });

  // Details open beside the page they belong to; closed, the focus is back where it was.
  // What has a page of its own is in the address while it is open here.
  document.addEventListener('htmx:afterSwap', ({ target, detail }) => {
    if (target.id !== 'pp-drawer-content') return;
    const drawer = target.parentElement;
    const link = detail.requestConfig.elt;
    if (link.matches('[data-pp-address]')) {
      const closed = location.href;
      history.replaceState(history.state, '', link.href);
      drawer.addEventListener('close', () => history.replaceState(history.state, '', closed), { once: true });
    }
    if (!drawer.open) drawer.showModal();
  });

  // What a correction would leave: the amount as people write it here, added to the wallet of that currency.
  const written = (text) => {
    // The last sign is the decimal one, but where it is repeated or three digits follow it: then the program decides.
    const plain = text.replace(/[\s\u00a0\u202f'’]/g, '').replace('−', '-');
    const [, whole = '', rest] = /^([-+]?[\d.,]*?)(?:[.,](\d{1,2}|\d{4,}))?$/.exec(plain) ?? [];
    return /\d/.test(plain) && !/^[-+]?\d+[.,]\d{3}$/.test(plain)
      ? Number(`${whole.replace(/[.,]/g, '')}.${rest ?? 0}`)
      : NaN;
  };
  document.addEventListener('input', ({ target }) => {
    const form = target.closest('form[data-pp-after]');
    if (!form) return;
    const line = form.querySelector('[data-pp-after-line]');
    const code = form.elements.currency.value.toUpperCase();
    const amount = written(form.elements.amountMinor.value);
    line.hidden = Number.isNaN(amount) || !/^[A-Z][A-Z0-9_]{1,11}$/.test(code);
    if (line.hidden) return;
    const wallets = Object.fromEntries(form.dataset.ppAfter.split(' ').map((wallet) => wallet.split(':')));
    const balance = Number(wallets[code] ?? 0);
    const after = { credit: balance + amount, debit: balance - amount, set: amount };
    const digits = digitsOf(wallets[code] ?? String(amount));
    line.querySelector('output').value = inUnit(code, after[form.elements.operation.value], digits);
  });

  // Tabs that do not fit are one line: the one that is open is brought into sight.
  for (const tab of document.querySelectorAll('.pp-root :is(.pp-side, .pp-nav__links, .pp-tabs) [aria-current]')) {
    const line = tab.closest('.pp-side') ?? tab.closest('ul');
    line.scrollLeft = tab.offsetLeft - line.offsetLeft - (line.clientWidth - tab.offsetWidth) / 2;
  }

  // What a form has done is said once, not again with each reload.
  const address = new URL(location.href);
  if (address.searchParams.has('done')) {
    address.searchParams.delete('done');
    history.replaceState(history.state, '', address);
  }

  // A page that the back button brings back may be sent again.
  addEventListener('pageshow', () => {
    for (const form of document.querySelectorAll('form[data-pp-sent]')) delete form.dataset.ppSent;
  });
  document.addEventListener('htmx:load', (event) => enhance(event.target));
  enhance(document);
  for (const tree of document.querySelectorAll('[data-pp-tree]')) enhanceTree(tree);
})();

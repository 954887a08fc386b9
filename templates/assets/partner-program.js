/*
 * Small comforts on pages that work without them: copy a link, ask before what cannot be taken back, show
 * times in the reader's own zone, and do not send a form twice.
 */
(() => {
  // Set here and not in the page's head, so that it also holds in a layout of the host's own.
  if (window.htmx)
    Object.assign(window.htmx.config, { allowEval: false, includeIndicatorStyles: false, selfRequestsOnly: true });

  const enhance = (root) => {
    for (const button of root.querySelectorAll('[data-pp-copy], [data-pp-scripted]')) button.hidden = false;
    for (const time of root.querySelectorAll('.pp-root time[datetime]')) {
      const format = { dateStyle: 'medium', timeStyle: 'short' };
      time.textContent = new Intl.DateTimeFormat(document.documentElement.lang, format).format(new Date(time.dateTime));
    }
  };

  document.addEventListener('click', async (event) => {
    const button = event.target.closest('[data-pp-copy]');
    if (!button) return;
    const field = document.getElementById(button.dataset.ppCopy);
    field.select();
    await navigator.clipboard?.writeText(field.value);
    const before = button.textContent;
    button.textContent = `✓ ${button.dataset.ppCopied}`;
    setTimeout(() => (button.textContent = before), 2000);
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

  // A page that the back button brings back may be sent again.
  addEventListener('pageshow', () => {
    for (const form of document.querySelectorAll('form[data-pp-sent]')) delete form.dataset.ppSent;
  });
  document.addEventListener('htmx:load', (event) => enhance(event.target));
  enhance(document);
})();

import { foldedText, tidyText } from '../../../modules/kernel/tidy-text';

describe('[Q1] a name that rules compare', () => {
  it.each([
    ['Kredyt Złotówka', 'Kredyt Złotówka'],
    [' Kredyt  Złotówka\t', 'Kredyt Złotówka'],
    ['Kredyt\u00a0Złotówka', 'Kredyt Złotówka'],
    ['Kredyt\u202fZłotówka\ufeff', 'Kredyt Złotówka'],
    ['Kredyt Złotówka'.normalize('NFD'), 'Kredyt Złotówka'],
    ['kredyt złotówka', 'kredyt złotówka'],
    [' \u00a0 ', null],
  ])('%j is %j', (written, meant) => expect(tidyText(written)).toBe(meant));

  it('looks like another one without case and marks', () => {
    expect(foldedText('KREDYT  ZŁOTÓWKA')).toBe(foldedText('kredyt zlotowka'));
    expect(foldedText('Stróż Øre')).toBe('stroz ore');
    expect(foldedText('Kredyt')).not.toBe(foldedText('Kredyty'));
  });
});

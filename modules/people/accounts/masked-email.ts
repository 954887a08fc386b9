/** `ewa@firma.example` → `e…@firma.example`: enough to recognise one's own address, not to learn another's. */
export function maskedEmail(email: string): string {
  const at = email.lastIndexOf('@');
  return `${[...email][0] ?? ''}…${email.slice(at)}`;
}

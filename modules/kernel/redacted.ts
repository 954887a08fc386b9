/** Also the password in an address such as `smtp://user:password@host`. */
const EMAIL = /[^\s@<>"'():;,=/]{1,64}@[^\s@<>"'():;,=/]{1,253}/g;
/** Thirty-two random bytes in base64url: every secret in a link or a cookie of ours, and every API key. */
const TOKEN = /(?<![\w-])(?:pp_)?[\w-]{43}(?![\w-])/g;

/** What signs our web hooks, in any base64. */
const SIGNING_SECRET = /whsec_[\w+/=-]+/g;

/** A text for a log: e-mail addresses and tokens in it made unreadable, whoever wrote it. @see F60 F86 */
export function redacted(text: string): string {
  return text.replace(EMAIL, '<e-mail>').replace(SIGNING_SECRET, '<secret>').replace(TOKEN, '<token>');
}

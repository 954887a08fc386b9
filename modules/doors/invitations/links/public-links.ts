import type { Locale } from '../../../kernel/locale';

const INVITATION_PATHS: Readonly<Record<Locale, string>> = {
  pl: 'zaproszenie',
  'pt-BR': 'convite',
  en: 'invitation',
};

const REGISTRATION_PATHS: Readonly<Record<Locale, string>> = {
  pl: 'rejestracja',
  'pt-BR': 'cadastro',
  en: 'register',
};

/** Every address that is sent or shown begins with the configured one, never with what a request calls us. @see F59 */
export function invitationUrl(publicUrl: string, locale: Locale, token: string): string {
  return `${publicUrl}/${INVITATION_PATHS[locale]}/${token}`;
}

/** Where the receiver of an invitation says that there shall be no more. */
export function suppressionUrl(publicUrl: string, token: string): string {
  return `${publicUrl}/partner-program/registrations/invitation/${token}/suppression`;
}

/** One code opens the same page at the address of each language, in the language of whoever opens it. */
export function registrationUrl(publicUrl: string, locale: Locale, code: string): string {
  return `${publicUrl}/${REGISTRATION_PATHS[locale]}/${code}`;
}

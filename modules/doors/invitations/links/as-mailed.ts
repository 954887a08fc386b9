/**
 * The code of a link as it arrives: mail programs and people leave a full stop, a bracket or a blank behind it. The codes
 * themselves are of letters, digits, `-` and `_`.
 */
export const AsMailed = {
  transform: (code: string): string => code.replaceAll(/^[^\w-]+|[^\w-]+$/g, ''),
};

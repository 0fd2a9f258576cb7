/** The body as a form. Throws where it is not UTF-8. */
export const parseForm = (body: Uint8Array): URLSearchParams => new URLSearchParams(utf8.decode(body));

export const isForm = (contentType: string | undefined): boolean =>
  contentType?.startsWith('application/x-www-form-urlencoded') ?? false;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

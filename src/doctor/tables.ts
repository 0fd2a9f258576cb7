/** Tables that hold as many rows as somebody wrote by hand. */
const small =
  /^(categor(y|ies)|roles?|permissions?|plans?|tags?|countr(y|ies)|currenc(y|ies)|languages?|locales?|settings?|configs?|configurations?|propert(y|ies)|status(es)?|types?|features?|flags?|feature_?flags?|tiers?|regions?|zones?|states?|cit(y|ies)|genres?|departments?|colou?rs?|sizes?|units?|topics?|templates?|menus?|themes?|taxes|tax_?rates?|time_?zones?|migrations?|enums?|levels?|skills?|badges?|prices?|(sso|auth|oauth|identity|git|email|captcha|storage|payment|ai)_?providers?|platforms?|channels?|branches?|locations?|stores?|sellers?|admins?|administrators?|announcements?|banners?|servers?|backups?|strateg(y|ies)|segments?|environments?|addons?|plugins?|extensions?|integrations?|methods?|options?|rules?|scopes?|limits?|quotas?|prox(y|ies)|schedules?|modules?|faqs?|navigation|renderers?|storages?)$/i;
const lastWord = (name: string): string => /([A-Z]?[a-z]+|[A-Z]+)[\d_]*$/.exec(name.replace(/^.*\./, ''))?.[1] ?? '';

/** True for a table that is small by what it holds: roles, settings, countries. */
export const isSmallTable = (name: string): boolean => small.test(lastWord(name)) || small.test(name);

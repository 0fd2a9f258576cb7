/** Tables that hold as many rows as somebody wrote by hand. */
const small =
  /^(categor(y|ies)|roles?|permissions?|plans?|tags?|countr(y|ies)|currenc(y|ies)|languages?|locales?|settings?|configs?|configurations?|propert(y|ies)|status(es)?|types?|features?|flags?|feature_?flags?|tiers?|regions?|zones?|states?|cit(y|ies)|genres?|departments?|colou?rs?|sizes?|units?|topics?|templates?|menus?|themes?|taxes|tax_?rates?|time_?zones?|migrations?|enums?|levels?|skills?|badges?|prices?|(sso|auth|oauth|identity|git|email|captcha|storage|payment|ai)_?providers?|platforms?|channels?|branches?|locations?|stores?|sellers?|admins?|administrators?|announcements?|banners?|servers?|backups?|strateg(y|ies)|segments?|environments?|addons?|plugins?|extensions?|integrations?|methods?|options?|rules?|scopes?|limits?|quotas?|prox(y|ies)|schedules?|modules?|faqs?|navigation|renderers?|storages?)$/i;
const lastWord = (name: string): string => /([A-Z]?[a-z]+|[A-Z]+)[\d_]*$/.exec(name.replace(/^.*\./, ''))?.[1] ?? '';

/** True for a table that is small by what it holds: roles, settings, countries. */
export const isSmallTable = (name: string): boolean => small.test(lastWord(name)) || small.test(name);

/** Tables that get rows from use alone: what people do, and what is written down of it. */
const used =
  /^(logs?|events?|audits?|messages?|activit(y|ies)|notifications?|transactions?|orders?|posts?|articles?|comments?|feeds?|histor(y|ies)|records?|entr(y|ies)|responses?|sessions?|metrics?|executions?|runs?|traces?|visits?|views?|payments?|invoices?|tweets?|stor(y|ies)|reviews?|photos?|videos?|tracks?|products?|items?|listings?|tickets?|likes?|reactions?|votes?|clicks?|mentions?|attempts?)$/i;
/** Tables of people and of what they make. */
const made =
  /^(users?|accounts?|customers?|clients?|members?|memberships?|people|persons?|profiles?|students?|teachers?|employees?|patients?|doctors?|guests?|drivers?|vendors?|suppliers?|subscribers?|followers?|contacts?|leads?|compan(y|ies)|organi[sz]ations?|tenants?|teams?|projects?|todos?|tasks?|notes?|memos?|memor(y|ies)|testimonials?|complaints?|feedbacks?|documents?|pages?|files?|uploads?|images?|pictures?|albums?|songs?|movies?|books?|recipes?|courses?|lessons?|bookings?|reservations?|appointments?|trips?|rides?|cars?|vehicles?|beers?|pets?|animals?|meetings?|polls?|votes?|likes?|carts?|baskets?|shipments?|deliveries|subscriptions?|invitations?|invites?|applications?|jobs?|campaigns?|e?mails?|chats?|conversations?|threads?|repl(y|ies)|questions?|answers?|scores?|results?|requests?|links?|urls?|bookmarks?|collections?|blogs?|memberships?|transfers?|expenses?|wallets?|devices?|sensors?|readings?|measurements?|donations?|quizz?(es)?|games?|players?|matches?)$/i;

/** True for a table that grows as long as anybody does something. */
export const growsWithUse = (name: string): boolean => used.test(lastWord(name));

/** True for a table that grows with the number of people who use the application. */
export const growsWithPeople = (name: string): boolean =>
  used.test(lastWord(name)) || made.test(lastWord(name)) || /^(service|care|health_?care)_?providers?$/i.test(name);

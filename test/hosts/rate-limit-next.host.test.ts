import { describeWrapped } from './rate-limit-hosts.ts';

const appRoute = `export const GET = withRateLimit(() => Response.json({ fine: true }));\n`;
const pagesRoute = `export default withRateLimit((_req, res) => res.status(200).json({ fine: true }));\n`;

describeWrapped([
  { name: 'next16-app-ts', path: 'src/app/api/limited/route.ts', text: appRoute },
  { name: 'next15-app-ts', path: 'app/api/limited/route.ts', text: appRoute },
  { name: 'next14-pages-js', path: 'pages/api/limited.js', text: pagesRoute },
]);

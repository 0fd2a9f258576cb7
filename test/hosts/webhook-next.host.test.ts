import { describeCover, describeDefaults } from './webhook-hosts.ts';

const hosts = ['next14-pages-js', 'next15-app-ts', 'next16-app-ts'];
describeDefaults(hosts);
describeCover(hosts);

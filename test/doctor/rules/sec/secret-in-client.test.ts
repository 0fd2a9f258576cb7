import { secretInClient } from '../../../../src/doctor/rules/sec/secret-in-client.ts';
import { manifest, ruleTest } from '../../rule.ts';

ruleTest(secretInClient, {
  hits: {
    'a service-role key with the prefix': {
      files: {
        'package.json': manifest('next', '@supabase/supabase-js'),
        'src/lib/db.ts': `import { createClient } from '@supabase/supabase-js';\nexport const db = createClient(process.env.NEXT_PUBLIC_SUPABASE_URL!, process.env.NEXT_PUBLIC_SUPABASE_SERVICE_ROLE_KEY!);\n`,
      },
      at: ['src/lib/db.ts:2'],
    },
    'Vite’s prefix, in code and in the example': {
      files: {
        'package.json': manifest('vite'),
        '.env.example': 'VITE_API_URL=\nVITE_STRIPE_SECRET_KEY=\n',
        'src/client/pay.ts': `export const key = import.meta.env.VITE_STRIPE_SECRET_KEY;\n`,
      },
      at: ['.env.example:2', 'src/client/pay.ts:1'],
    },
    'settings that write it into the bundle': {
      files: {
        'package.json': manifest('next', 'vite'),
        'next.config.js': `module.exports = {\n  env: { STRIPE_SECRET_KEY: process.env.STRIPE_SECRET_KEY, API_URL: process.env.API_URL },\n};\n`,
        'vite.config.ts': `import { defineConfig } from 'vite';\nexport default defineConfig({\n  define: { 'process.env': process.env },\n});\n`,
      },
      at: ['next.config.js:2', 'vite.config.ts:3'],
    },
    'the key of a model that is paid by the call': {
      files: {
        'package.json': manifest('vite', 'react'),
        'src/ask.ts': `export const key = import.meta.env.VITE_GEMINI_API_KEY;\n`,
        'vite.config.ts': `import { defineConfig, loadEnv } from 'vite';\nexport default defineConfig(({ mode }) => {\n  const env = loadEnv(mode, '.', '');\n  return { define: { 'process.env.API_KEY': JSON.stringify(env.GEMINI_API_KEY) } };\n});\n`,
      },
      at: ['src/ask.ts:1', 'vite.config.ts:4'],
    },
    'the address of a database, with its password': {
      files: {
        'package.json': manifest('vite'),
        '.env':
          'VITE_DATABASE_URL=postgres://shop:word@db/shop\nVITE_CACHE_DATABASE_URL=https://shop:word@cache.shop.io\n',
        'src/base.ts': `connect(import.meta.env.VITE_DATABASE_URL);\n`,
      },
      at: ['.env:1', '.env:2', 'src/base.ts:1'],
    },
  },
  clean: {
    'what Firebase gives to browsers, and an address without a password': {
      files: {
        'package.json': manifest('vite', 'firebase'),
        '.env':
          'VITE_FIREBASE_DATABASE_URL=https://shop.firebaseio.com\nVITE_LIVE_DATABASE_URL="https://live.shop.io"\n',
        'src/base.ts': `import { initializeApp } from 'firebase/app';\ninitializeApp({ databaseURL: import.meta.env.VITE_SHOP_DATABASE_URL });\nopen(import.meta.env.VITE_LIVE_DATABASE_URL);\n`,
      },
    },
    'a demo that everybody may enter, and a story': {
      files: {
        'package.json': manifest('next'),
        '.env.sample': 'NEXT_PUBLIC_DEMO_PASSWORD=\n',
        '.storybook/login.ts': `export const password = import.meta.env.VITE_ADMIN_PASSWORD;\n`,
      },
    },
    'keys that are made for browsers': {
      files: {
        'package.json': manifest('next'),
        '.env': 'NEXT_PUBLIC_SUPABASE_ANON_KEY=x\nNEXT_PUBLIC_PRIVATE_BETA=1\n',
        'src/lib/db.ts': `createClient(process.env.NEXT_PUBLIC_SUPABASE_URL, process.env.NEXT_PUBLIC_SUPABASE_ANON_KEY);\ninit(process.env.NEXT_PUBLIC_SENTRY_DSN);\n`,
      },
    },
    'the secret on the server': {
      files: {
        'src/lib/admin.ts': `createClient(process.env.NEXT_PUBLIC_SUPABASE_URL, process.env.SUPABASE_SERVICE_ROLE_KEY);\n`,
      },
    },
    'settings of no secret': {
      files: {
        'next.config.js': `module.exports = { env: { API_URL: process.env.API_URL } };\n`,
        'vite.config.ts': `export default defineConfig({ define: { __VERSION__: JSON.stringify(process.env.npm_package_version) } });\n`,
      },
    },
  },
});

import { envTracked } from '../../../../src/doctor/rules/sec/env-tracked.ts';
import { ruleTest } from '../../rule.ts';

const secrets = 'PORT=3000\nJWT_SECRET="k2J9x7Qp4Lm8"\n';

ruleTest(envTracked, {
  hits: {
    'the worst of several: a password of a server elsewhere': {
      files: { '.env': 'JWT_SECRET=k2J9x7Qp4Lm8\nDATABASE_URL=postgres://shop:Xk29dLqp@db.shop-prod.net/shop\n' },
      tracked: ['.env'],
      at: ['.env:2'],
    },
    'passwords of databases beside the program of a developer, and a key of somebody else’s there': {
      files: {
        'api/.env': 'NODE_ENV=local\nMONGO_ADMIN_PASSWORD=orchard123\nREDIS_PASSWORD=cellar456\n',
        'far/.env': 'NODE_ENV=development\nDB_HOST=db.shop.net\nDB_PASSWORD=cellar456\n',
        'shop/.env': 'NODE_ENV=local\nREDIS_PASSWORD=cellar456\nMAIL_API_KEY=x8Kq2Lw9Zr4T\n',
      },
      tracked: ['api/.env', 'far/.env', 'shop/.env'],
      at: ['api/.env:2 warning', 'far/.env:3', 'shop/.env:3'],
    },
    'names with a number behind them, as one starts databases at home': {
      files: { '.env': 'POSTGRES_USER=orchard\nPOSTGRES_PASSWORD=orchard12\nMINIO_SECRET_KEY=minioadmin1\n' },
      tracked: ['package.json', '.env'],
      at: ['.env:2 warning'],
    },
    'one secret that is drawn at random beside such a name': {
      files: { '.env': 'POSTGRES_USER=orchard\nPOSTGRES_PASSWORD=orchard12\nMINIO_SECRET_KEY=x8Kq2Lw9Zr4T\n' },
      tracked: ['package.json', '.env'],
      at: ['.env:2'],
    },
    'secrets in git': { files: { '.env': secrets }, tracked: ['package.json', '.env'], at: ['.env:2'] },
    'secrets that the next git add takes': {
      files: { '.env.production': secrets },
      tracked: ['package.json'],
      at: ['.env.production:2 warning'],
    },
    'those of a developer, of a workspace': {
      files: { 'apps/api/.env.development': 'export API_KEY=a1b2c3d4e5f6\n' },
      tracked: ['package.json', 'apps/api/.env.development'],
      at: ['apps/api/.env.development:1 warning'],
    },
    'a password in an address': {
      files: { '.env': 'DATABASE_URL=postgres://shop:Xk29dLqp@db.shop-prod.net/shop\n' },
      tracked: ['.env'],
      at: ['.env:1'],
    },
    'a file that is copied into the image': {
      files: { Dockerfile: 'FROM node:22\nCOPY .env.production ./.env\nCMD ["node", "main.js"]\n' },
      at: ['Dockerfile:2'],
    },
    'one that is in git and in the image: told once, and another that is only copied': {
      files: {
        'api/.env.production': 'JWT_SECRET=k2J9x7Qp4Lm8\n',
        'api/Dockerfile': 'FROM node:22\nCOPY .env.production ./.env\nCMD ["node", "main.js"]\n',
        'web/Dockerfile': 'FROM node:22\nCOPY .env.live ./.env\nCMD ["node", "main.js"]\n',
      },
      tracked: ['api/.env.production'],
      at: ['api/.env.production:1', 'web/Dockerfile:2'],
    },
    'a word that tokens are signed with': {
      files: { '.env': 'PORT=3000\nJWT_SECRET=secret\n' },
      tracked: ['.env'],
      at: ['.env:2 warning'],
    },
    'a key that somebody typed': {
      files: { '.env': 'KEY_LOCATION=keys/jwt.key\nJWT_SECRET=fluffypancakes\n' },
      tracked: ['.env'],
      at: ['.env:2'],
    },
    'what a provider gave, in a file for development': {
      files: {
        '.env': 'NODE_ENV=development\nJWT_SECRET=k2J9x7Qp4Lm8\nSLACK_CLIENT_SECRET=9fd2c41ab07e\n',
        '.env.example': 'JWT_SECRET=k2J9x7Qp4Lm8\nSLACK_CLIENT_SECRET=\n',
      },
      tracked: ['.env', '.env.example'],
      at: ['.env:3'],
    },
    'a secret behind the prefix of a bundle': {
      files: { '.env.production': 'WEB_REACT_APP_SESSION_SECRET=k2J9x7Qp4Lm8\n' },
      tracked: ['.env.production'],
      at: ['.env.production:1'],
    },
    'hints: one of a developer, and one that the example has': {
      files: {
        'api/.env': 'APP_URL=http://localhost:3000\nBROKER="localhost:9092"\nJWT_SECRET=k2J9x7Qp4Lm8\n',
        'docker/.env': 'HOST=db.shop.net\nMAIL_TOKEN=k2J9x7Qp4Lm8\n',
        'docker/.env.example': 'MAIL_TOKEN=k2J9x7Qp4Lm8\n',
      },
      tracked: ['api/.env', 'docker/.env', 'docker/.env.example'],
      at: ['api/.env:3 warning', 'docker/.env:2 warning'],
    },
  },
  clean: {
    'a secret that says it is for development': {
      files: { '.env.development': 'JWT_SECRET="dev-jwt-secret-key-of-32-characters"\n' },
      tracked: ['.env.development'],
    },
    'keys that are compiled into pages, behind a prefix of the workspace': {
      files: {
        '.env.production': 'WEB_REACT_APP_MAPS_API_KEY="P5sO0VHJJlCrBz9b"\nADMIN_VITE_CHAT_TOKEN=a1b2c3d4e5f6\n',
      },
      tracked: ['.env.production'],
    },
    'words of its own name': {
      files: { '.env.compose': 'JWT_SECRET=jwt-secret\nAUTH_REFRESH_SECRET=secret_for_refresh\n' },
      tracked: ['.env.compose'],
    },
    'words that must be changed, and those of a developer': {
      files: {
        '.env': 'JWT_SECRET=changeit\nSESSION_SECRET=\nTOKEN_TTL=15\n',
        '.env.development': 'JWT_SECRET=secret\n',
        'api/.env': 'JWT_SECRET=dev\n',
      },
      tracked: ['.env', '.env.development', 'api/.env'],
    },
    'a word in a file that git leaves out': {
      files: { '.env': 'JWT_SECRET=secret\n' },
      tracked: [],
      ignored: ['.env'],
    },
    'places of keys': {
      files: { '.env': 'JWT_PRIVATE_KEY_LOCATION=keys/jwt2.key\nTOKEN_KEY=config/keys/jwt2.pem\n' },
      tracked: ['.env'],
    },
    'a file whose example names no secret': {
      files: {
        Dockerfile: 'FROM node:24\nCOPY .env.production ./.env\n',
        '.env.production.example': 'PORT=3000\nNODE_ENV=production\n',
      },
    },
    'settings without a secret in the image': {
      files: {
        Dockerfile: 'FROM node:24\nCOPY .env.production ./.env\n',
        '.env.production': 'PORT=3000\nNODE_ENV=production\n',
      },
    },
    ignored: { files: { '.env': secrets }, tracked: ['package.json'], ignored: ['.env'] },
    'the example': {
      files: { '.env.example': secrets, '.env.sample': secrets },
      tracked: ['.env.example', '.env.sample'],
    },
    'settings that are no secrets': {
      files: {
        '.env':
          'PORT=3000\nDATABASE_URL=postgres://postgres:postgres@localhost:5432/shop\nNEXT_PUBLIC_API_KEY=a1b2c3d4e5f6\nSECRET=changeme\nJWT_SECRET=\n',
      },
      tracked: ['.env'],
    },
    'no git to ask': { files: { '.env': secrets } },
  },
});

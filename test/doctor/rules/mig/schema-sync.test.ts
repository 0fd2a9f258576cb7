import { schemaSync } from '../../../../src/doctor/rules/mig/schema-sync.ts';
import { manifest, ruleTest } from '../../rule.ts';

const source = (options: string): string =>
  `import { DataSource } from 'typeorm';\nexport const source = new DataSource({\n  type: 'postgres',\n  url: process.env.DATABASE_URL,\n  ${options},\n});\n`;
const typeorm = { 'package.json': manifest('typeorm', 'pg') };
const sequelize = { 'package.json': manifest('sequelize', 'pg') };

ruleTest(schemaSync, {
  hits: {
    'a data source of TypeORM': {
      files: { ...typeorm, 'src/data-source.ts': source('synchronize: true') },
      at: ['src/data-source.ts:5'],
    },
    'in a module of Nest, behind a factory': {
      files: {
        'package.json': manifest('@nestjs/typeorm', 'typeorm', 'pg'),
        'src/database.module.ts': `import { Module } from '@nestjs/common';\nimport { ConfigService } from '@nestjs/config';\nimport { TypeOrmModule } from '@nestjs/typeorm';\n\n@Module({\n  imports: [\n    TypeOrmModule.forRootAsync({\n      inject: [ConfigService],\n      useFactory: (config: ConfigService) => ({\n        type: 'postgres',\n        host: config.get('DB_HOST'),\n        autoLoadEntities: true,\n        synchronize: true,\n      }),\n    }),\n  ],\n})\nexport class DatabaseModule {}\n`,
      },
      at: ['src/database.module.ts:13'],
    },
    'Sequelize that alters': {
      files: {
        ...sequelize,
        'src/server.js': `const { sequelize } = require('./models');\nconst app = require('./app');\n\nsequelize.sync({ alter: true }).then(() => app.listen(3000));\n`,
      },
      at: ['src/server.js:4'],
    },
    'Sequelize and TypeORM that drop': {
      files: {
        'package.json': manifest('sequelize', 'typeorm', 'pg'),
        'src/db.js': `const db = require('./models');\nmodule.exports = async () => {\n  await db.sequelize.sync({ force: true });\n};\n`,
        'src/data-source.ts': source('dropSchema: true'),
      },
      at: ['src/data-source.ts:5 error', 'src/db.js:3 error'],
    },
  },
  clean: {
    'in development only': {
      files: {
        ...typeorm,
        'src/a.ts': source("synchronize: process.env.NODE_ENV !== 'production'"),
        'src/b.ts': source('synchronize: false'),
        'src/c.ts': `import type { DataSourceOptions } from 'typeorm';\nconst devConfig: DataSourceOptions = { type: 'sqlite', database: 'db.sqlite3', synchronize: true };\nexport const config = process.env.NODE_ENV === 'production' ? prodConfig : devConfig;\n`,
      },
    },
    'a database in memory, or without tables': {
      files: {
        ...typeorm,
        'src/a.ts': source('synchronize: true').replace("'postgres'", "'mongodb'"),
        'src/b.ts': `import { DataSource } from 'typeorm';\nexport const source = new DataSource({ type: 'sqlite', database: ':memory:', synchronize: true });\n`,
      },
    },
    'makes what is missing, asks first, or is a script’s': {
      files: {
        ...sequelize,
        'src/a.js': `const { sequelize } = require('./models');\nsequelize.sync();\nsequelize.sync({ force: false });\n`,
        'src/b.js': `const { sequelize } = require('./models');\nif (process.env.DB_SYNC) sequelize.sync({ alter: true });\n`,
        'scripts/reset.js': `const { sequelize } = require('../src/models');\nsequelize.sync({ force: true });\n`,
      },
    },
    'another thing with these words': {
      files: {
        'package.json': manifest('express'),
        'src/a.js': `module.exports = { type: 'calendar', synchronize: true };\n`,
        'src/b.js': `const store = require('./store');\nstore.sync({ force: true });\n`,
      },
    },
  },
});

import { unscopedQuery } from '../../../../src/doctor/rules/tenant/unscoped-query.ts';
import { manifest, ruleTest } from '../../rule.ts';

const prisma = {
  'package.json': manifest('express', '@prisma/client'),
  'prisma/schema.prisma': `model Invoice {\n  id String @id\n  tenantId String\n}\nmodel Country {\n  id String @id\n}\n`,
};
const head = `import { prisma } from './db.js';\n`;

ruleTest(unscopedQuery, {
  hits: {
    'rows of every tenant': {
      files: {
        ...prisma,
        'src/invoices.ts': `${head}export const list = (req, res) => prisma.invoice.findMany({ where: { paid: false } });\n`,
      },
      at: ['src/invoices.ts:2'],
    },
    'a row by the id that the client sends': {
      files: {
        ...prisma,
        'src/invoices.ts': `${head}export async function one(req, res) {\n  res.json(await prisma.invoice.findUnique({ where: { id: req.params.id } }));\n  await prisma.invoice.delete({ where: { id: req.params.id } });\n}\n`,
      },
      at: ['src/invoices.ts:3', 'src/invoices.ts:4'],
    },
    'tables of Drizzle': {
      files: {
        'package.json': manifest('express', 'drizzle-orm'),
        'src/schema.ts': `import { pgTable, text } from 'drizzle-orm/pg-core';\nexport const invoices = pgTable('invoices', { id: text(), organizationId: text() });\n`,
        'src/invoices.ts': `import { db } from './db.js';\nimport { invoices } from './schema.js';\nexport const one = async (req, res) => res.json(await db.select().from(invoices).where(eq(invoices.id, req.params.id)));\n`,
      },
      at: ['src/invoices.ts:3'],
    },
  },
  clean: {
    'the tenant in the condition': {
      files: {
        ...prisma,
        'src/invoices.ts': `${head}export const list = (req, res) => prisma.invoice.findMany({ where: { tenantId: req.user.tenantId, paid: false } });\n`,
      },
    },
    'a table that all share': {
      files: { ...prisma, 'src/countries.ts': `${head}export const list = (req, res) => prisma.country.findMany();\n` },
    },
    'rows of one user, and what a code or a parent’s key finds': {
      files: {
        ...prisma,
        'src/repository.ts': `${head}export const ofUser = (userId) => prisma.invoice.findMany({ where: { userId } });\nexport const byCode = (code) => prisma.invoice.findFirst({ where: { linkCode: code } });\nexport const ofOrders = (orderIds) => prisma.invoice.findMany({ where: { orderId: { in: orderIds } } });\n`,
      },
    },
    'a job, and a condition from elsewhere': {
      files: {
        ...prisma,
        'src/jobs/remind.ts': `${head}export const remind = () => prisma.invoice.findMany({ where: { paid: false } });\n`,
        'src/invoices.ts': `${head}export const list = (req, res) => prisma.invoice.findMany({ where: ownedBy(req.user) });\n`,
      },
    },
    'a look at the tenant in the same handler': {
      files: {
        ...prisma,
        'src/invoices.ts': `${head}export async function one(req, res) {\n  const invoice = await prisma.invoice.findUnique({ where: { id: req.params.id } });\n  if (invoice.tenantId !== req.user.tenantId) return res.sendStatus(404);\n  res.json(invoice);\n}\n`,
      },
    },
  },
});

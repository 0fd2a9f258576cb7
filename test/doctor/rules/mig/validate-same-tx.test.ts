import { validateSameTx } from '../../../../src/doctor/rules/mig/validate-same-tx.ts';
import { at, drizzle, plain } from '../../migrations.ts';
import { ruleTest } from '../../rule.ts';

ruleTest(validateSameTx, {
  hits: {
    'one file of Drizzle’s': {
      ...drizzle(
        `ALTER TABLE orders ADD CONSTRAINT c CHECK (total >= 0) NOT VALID;\n--> statement-breakpoint\nALTER TABLE orders VALIDATE CONSTRAINT c;\n`,
      ),
      at: [at.drizzle(3)],
    },
    'between BEGIN and COMMIT': {
      ...plain(
        `BEGIN;\nALTER TABLE orders ADD CONSTRAINT c CHECK (total >= 0) NOT VALID;\nALTER TABLE orders VALIDATE CONSTRAINT c;\nCOMMIT;\n`,
      ),
      at: [at.plain(3)],
    },
    'one statement': {
      ...plain(`ALTER TABLE orders ADD CONSTRAINT c CHECK (total >= 0) NOT VALID, VALIDATE CONSTRAINT c;\n`),
      at: [at.plain(1)],
    },
  },
  clean: {
    'each statement by itself': plain(
      `ALTER TABLE orders ADD CONSTRAINT c CHECK (total >= 0) NOT VALID;\nALTER TABLE orders VALIDATE CONSTRAINT c;\n`,
    ),
    'a constraint of a file before': drizzle(`ALTER TABLE orders VALIDATE CONSTRAINT c;\n`),
    'two transactions': plain(
      `BEGIN;\nALTER TABLE orders ADD CONSTRAINT c CHECK (total >= 0) NOT VALID;\nCOMMIT;\nBEGIN;\nALTER TABLE orders VALIDATE CONSTRAINT c;\nCOMMIT;\n`,
    ),
    'another constraint': plain(
      `BEGIN;\nALTER TABLE orders ADD CONSTRAINT c CHECK (total >= 0) NOT VALID;\nALTER TABLE orders VALIDATE CONSTRAINT d;\nCOMMIT;\n`,
    ),
  },
});

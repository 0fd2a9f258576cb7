import { validatingConstraint } from '../../../../src/doctor/rules/mig/validating-constraint.ts';
import { at, plain, prisma } from '../../migrations.ts';
import { ruleTest } from '../../rule.ts';

ruleTest(validatingConstraint, {
  hits: {
    'beside a new column': {
      ...plain(
        `ALTER TABLE orders ADD a int CHECK (a > 0);\nALTER TABLE orders ADD b bigint DEFAULT 1 REFERENCES users (id);\n`,
      ),
      at: [at.plain(1), at.plain(2)],
    },
    'a foreign key': {
      ...plain(`ALTER TABLE orders ADD CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users (id);\n`),
      at: [at.plain(1)],
    },
    'a check': { ...plain(`ALTER TABLE orders ADD CHECK (total >= 0);\n`), at: [at.plain(1)] },
    'Prisma’s own, of a column added before': {
      ...prisma(
        `-- AddForeignKey\nALTER TABLE "orders" ADD CONSTRAINT "orders_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;\n`,
      ),
      at: [at.prisma(2)],
    },
  },
  clean: {
    'not valid yet': plain(
      `ALTER TABLE orders ADD CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;\n`,
    ),
    'a table that the file makes': plain(
      `CREATE TABLE tags (user_id bigint);\nALTER TABLE tags ADD FOREIGN KEY (user_id) REFERENCES users (id);\nALTER TABLE tags ADD CHECK (user_id > 0);\n`,
    ),
    'a reference of a new column, which is null': plain(
      `ALTER TABLE orders ADD COLUMN by_id bigint REFERENCES users (id);\n`,
    ),
    'silenced for squawk': plain(
      `-- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid\nALTER TABLE orders ADD FOREIGN KEY (user_id) REFERENCES users (id);\n`,
    ),
  },
});

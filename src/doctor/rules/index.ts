import type { Rule } from '../rule.ts';
import { concurrentInTx } from './mig/concurrent-in-tx.ts';
import { dropBeforeCode } from './mig/drop-before-code.ts';
import { editedAfterApplied } from './mig/edited-after-applied.ts';
import { enumValueUsedSameTx } from './mig/enum-value-used-same-tx.ts';
import { ifNotExistsInvalidIndex } from './mig/if-not-exists-invalid-index.ts';
import { indexNotConcurrent } from './mig/index-not-concurrent.ts';
import { jsonColumn } from './mig/json-column.ts';
import { noLockTimeout } from './mig/no-lock-timeout.ts';
import { rename } from './mig/rename.ts';
import { serialOrIntPk } from './mig/serial-or-int-pk.ts';
import { setNotNullScan } from './mig/set-not-null-scan.ts';
import { truncateCascade } from './mig/truncate-cascade.ts';
import { typeRewrite } from './mig/type-rewrite.ts';
import { unbatchedBackfill } from './mig/unbatched-backfill.ts';
import { uniqueDirect } from './mig/unique-direct.ts';
import { updateOrDeleteWithoutWhere } from './mig/update-or-delete-without-where.ts';
import { validateSameTx } from './mig/validate-same-tx.ts';
import { validatingConstraint } from './mig/validating-constraint.ts';
import { volatileDefaultRewrite } from './mig/volatile-default-rewrite.ts';
import { workUnderExclusiveLock } from './mig/work-under-exclusive-lock.ts';
import { gracefulShutdown } from './ops/graceful-shutdown.ts';
import { sqlInjection } from './sec/sql-injection.ts';

/** Every rule, by area and name. */
export const rules: readonly Rule[] = [
  concurrentInTx,
  dropBeforeCode,
  editedAfterApplied,
  enumValueUsedSameTx,
  ifNotExistsInvalidIndex,
  indexNotConcurrent,
  jsonColumn,
  noLockTimeout,
  rename,
  serialOrIntPk,
  setNotNullScan,
  truncateCascade,
  typeRewrite,
  unbatchedBackfill,
  uniqueDirect,
  updateOrDeleteWithoutWhere,
  validateSameTx,
  validatingConstraint,
  volatileDefaultRewrite,
  workUnderExclusiveLock,
  gracefulShutdown,
  sqlInjection,
];

import type { Rule } from '../rule.ts';
import { noTtlOrScope } from './cache/no-ttl-or-scope.ts';
import { edgeIncompatible } from './cfg/edge-incompatible.ts';
import { envSchema } from './cfg/env-schema.ts';
import { checkThenInsert } from './db/check-then-insert.ts';
import { httpInTransaction } from './db/http-in-transaction.ts';
import { nPlusOne } from './db/n-plus-one.ts';
import { offsetPagination } from './db/offset-pagination.ts';
import { poolLifecycle } from './db/pool-lifecycle.ts';
import { txnPoolerSessionState } from './db/txn-pooler-session-state.ts';
import { unboundedFind } from './db/unbounded-find.ts';
import { unindexedFk } from './db/unindexed-fk.ts';
import { writeWithoutWhere } from './db/write-without-where.ts';
import { jobOptions } from './job/options.ts';
import { concurrentInTx } from './mig/concurrent-in-tx.ts';
import { dropBeforeCode } from './mig/drop-before-code.ts';
import { editedAfterApplied } from './mig/edited-after-applied.ts';
import { enumValueUsedSameTx } from './mig/enum-value-used-same-tx.ts';
import { ifNotExistsInvalidIndex } from './mig/if-not-exists-invalid-index.ts';
import { indexNotConcurrent } from './mig/index-not-concurrent.ts';
import { jsonColumn } from './mig/json-column.ts';
import { noLockTimeout } from './mig/no-lock-timeout.ts';
import { rename } from './mig/rename.ts';
import { schemaSync } from './mig/schema-sync.ts';
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
import { labelCardinality } from './obs/label-cardinality.ts';
import { logSecrets } from './obs/log-secrets.ts';
import { otelLate } from './obs/otel-late.ts';
import { publicMetrics } from './obs/public-metrics.ts';
import { dockerInstall } from './ops/docker-install.ts';
import { dockerLatest } from './ops/docker-latest.ts';
import { dockerRoot } from './ops/docker-root.ts';
import { dockerSecretArg } from './ops/docker-secret-arg.ts';
import { dockerignore } from './ops/dockerignore.ts';
import { gracefulShutdown } from './ops/graceful-shutdown.ts';
import { keepalive } from './ops/keepalive.ts';
import { listenLocalhost } from './ops/listen-localhost.ts';
import { lockfile } from './ops/lockfile.ts';
import { nodeEol } from './ops/node-eol.ts';
import { pid1 } from './ops/pid1.ts';
import { probes } from './ops/probes.ts';
import { expressAsyncError } from './res/express-async-error.ts';
import { expressErrorArity } from './res/express-error-arity.ts';
import { floatingPromise } from './res/floating-promise.ts';
import { missingErrorListener } from './res/missing-error-listener.ts';
import { nestedRetries } from './res/nested-retries.ts';
import { noTimeout } from './res/no-timeout.ts';
import { retryNonIdempotent } from './res/retry-non-idempotent.ts';
import { swallowedRejection } from './res/swallowed-rejection.ts';
import { syncInHandler } from './res/sync-in-handler.ts';
import { timerAsQueue } from './res/timer-as-queue.ts';
import { unboundedConcurrency } from './res/unbounded-concurrency.ts';
import { wsAuthOrigin } from './rt/ws-auth-origin.ts';
import { authRateLimit } from './sec/auth-rate-limit.ts';
import { bodyLimit } from './sec/body-limit.ts';
import { commandInjection } from './sec/command-injection.ts';
import { cookieFlags } from './sec/cookie-flags.ts';
import { corsCredentials } from './sec/cors-credentials.ts';
import { envTracked } from './sec/env-tracked.ts';
import { errorLeak } from './sec/error-leak.ts';
import { evaluation } from './sec/eval.ts';
import { hardcodedSecret } from './sec/hardcoded-secret.ts';
import { jwtMisuse } from './sec/jwt-misuse.ts';
import { massAssignment } from './sec/mass-assignment.ts';
import { noValidation } from './sec/no-validation.ts';
import { nosqlOperator } from './sec/nosql-operator.ts';
import { openRedirect } from './sec/open-redirect.ts';
import { passwordInAnswer } from './sec/password-in-answer.ts';
import { pathTraversal } from './sec/path-traversal.ts';
import { prototypePollution } from './sec/prototype-pollution.ts';
import { regexFromUser } from './sec/regex-from-user.ts';
import { rls } from './sec/rls.ts';
import { routeAuthOutlier } from './sec/route-auth-outlier.ts';
import { secretInClient } from './sec/secret-in-client.ts';
import { securityHeaders } from './sec/security-headers.ts';
import { sqlInjection } from './sec/sql-injection.ts';
import { ssrf } from './sec/ssrf.ts';
import { timingCompare } from './sec/timing-compare.ts';
import { tlsVerifyOff } from './sec/tls-verify-off.ts';
import { trustProxy } from './sec/trust-proxy.ts';
import { weakCrypto } from './sec/weak-crypto.ts';
import { webhookParsedBody } from './sec/webhook-parsed-body.ts';
import { webhookUnverified } from './sec/webhook-unverified.ts';
import { unscopedQuery } from './tenant/unscoped-query.ts';

/** Every rule, by area and name. */
export const rules: readonly Rule[] = [
  noTtlOrScope,
  edgeIncompatible,
  envSchema,
  checkThenInsert,
  httpInTransaction,
  nPlusOne,
  offsetPagination,
  poolLifecycle,
  txnPoolerSessionState,
  unboundedFind,
  unindexedFk,
  writeWithoutWhere,
  jobOptions,
  concurrentInTx,
  dropBeforeCode,
  editedAfterApplied,
  enumValueUsedSameTx,
  ifNotExistsInvalidIndex,
  indexNotConcurrent,
  jsonColumn,
  noLockTimeout,
  rename,
  schemaSync,
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
  labelCardinality,
  logSecrets,
  otelLate,
  publicMetrics,
  dockerInstall,
  dockerLatest,
  dockerRoot,
  dockerSecretArg,
  dockerignore,
  gracefulShutdown,
  keepalive,
  listenLocalhost,
  lockfile,
  nodeEol,
  pid1,
  probes,
  expressAsyncError,
  expressErrorArity,
  floatingPromise,
  missingErrorListener,
  nestedRetries,
  noTimeout,
  retryNonIdempotent,
  swallowedRejection,
  syncInHandler,
  timerAsQueue,
  unboundedConcurrency,
  wsAuthOrigin,
  authRateLimit,
  bodyLimit,
  commandInjection,
  cookieFlags,
  corsCredentials,
  envTracked,
  errorLeak,
  evaluation,
  hardcodedSecret,
  jwtMisuse,
  massAssignment,
  noValidation,
  nosqlOperator,
  openRedirect,
  passwordInAnswer,
  pathTraversal,
  prototypePollution,
  regexFromUser,
  rls,
  routeAuthOutlier,
  secretInClient,
  securityHeaders,
  sqlInjection,
  ssrf,
  timingCompare,
  tlsVerifyOff,
  trustProxy,
  weakCrypto,
  webhookParsedBody,
  webhookUnverified,
  unscopedQuery,
];

import type { Project } from '../project.ts';
import { isForOthers } from './dockerfile.ts';
import { yamlDocuments, yamlFiles } from './yaml.ts';

/** Files of platforms that can be told a route to ask; Heroku's are not among them. */
const askers = ['fly.toml', 'render.yaml', 'railway.json', 'railway.toml', 'app.yaml', 'app.yml'];
/** What such a file says where it asks. */
const question = /\bchecks\b|health_?check_?path|(liveness|readiness)_check/i;
/** Jobs of Nomad, tasks of ECS. */
const ofOthers = /\.nomad(\.hcl)?$|(^|\/)(ecs-)?task[-_]?def(inition)?[\w.-]*\.json$/i;

/**
 * What is written down of who looks after the project: 'asks' where somebody already asks whether it works, 'could' where somebody
 * keeps it running and could ask; null for nobody. Clusters are left out.
 */
export function askerOf(project: Project): 'asks' | 'could' | null {
  const told = askers.flatMap((name) => project.tree.read(name) ?? []);
  if (told.some((text) => question.test(text))) return 'asks';
  const kept = yamlFiles(project, /(^|\/)(docker-)?compose[\w.-]*\.ya?ml$/)
    .filter((path) => !isForOthers(path))
    .flatMap((path) => yamlDocuments(project, path))
    .flatMap((document) => document.get('services')?.entries() ?? [])
    .map(([, service]) => service)
    .filter((service) => service.get('build') !== null);
  if (kept.some((service) => service.get('healthcheck') !== null)) return 'asks';
  const isKept = kept.some((service) =>
    /^(always|unless-stopped|on-failure)/.test(service.get('restart')?.text() ?? ''),
  );
  return isKept || told.length > 0 || project.files.some((path) => ofOthers.test(path)) ? 'could' : null;
}

/** Clients of what may be away while a server runs. */
const clients =
  /^(pg|pg-promise|postgres|slonik|mysql2?|mariadb|mssql|tedious|oracledb|mongodb|mongoose|mongoist|@typegoose\/typegoose|redis|ioredis|@upstash\/redis|typeorm|sequelize(-typescript)?|knex|objection|bookshelf|prisma|@prisma\/client|drizzle-orm|kysely|@mikro-orm\/core|@nestjs\/(typeorm|mongoose|sequelize|bullmq?|microservices)|bull|bullmq|amqplib|amqp-connection-manager|kafkajs|nats|mqtt|cassandra-driver|neo4j-driver|@elastic\/elasticsearch|@opensearch-project\/opensearch|@clickhouse\/client|couchbase|nano|rethinkdb|memcached|memjs|firebase-admin|@supabase\/supabase-js|@aws-sdk\/client-dynamodb|dynamoose|@google-cloud\/firestore|waterline|sails)$/;

/** True where a server has something to wait for, as far as its dependencies say; a package of the same workspace may have it. */
export const waitsForOthers = ({ dependencies }: Project): boolean =>
  [...dependencies].some(([name, range]) => clients.test(name) || range.startsWith('workspace:'));

import { index, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

/** Which webhook events were handled. Export it from your schema too, so that drizzle-kit makes its migration. */
export const webhookDeliveries = pgTable(
  'webhook_deliveries',
  {
    key: text().primaryKey(),
    token: text().notNull(),
    attempts: integer().notNull().default(1),
    receivedAt: timestamp('received_at', { withTimezone: true }).notNull().defaultNow(),
    leasedUntil: timestamp('leased_until', { withTimezone: true }).notNull(),
    completedAt: timestamp('completed_at', { withTimezone: true }),
  },
  (table) => [index('webhook_deliveries_received_at').on(table.receivedAt)],
);

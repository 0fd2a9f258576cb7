-- Put this model into schema.prisma, so that the next `prisma migrate dev` knows the table and does not drop it:
--   model WebhookDelivery {
--     key         String    @id
--     token       String
--     attempts    Int       @default(1)
--     receivedAt  DateTime  @default(now()) @map("received_at") @db.Timestamptz(6)
--     leasedUntil DateTime  @map("leased_until") @db.Timestamptz(6)
--     completedAt DateTime? @map("completed_at") @db.Timestamptz(6)
--
--     @@index([receivedAt], map: "webhook_deliveries_received_at")
--     @@map("webhook_deliveries")
--   }
-- Which webhook events were handled. Take it back with: drop table webhook_deliveries;
create table if not exists webhook_deliveries (
  key text primary key,
  token text not null,
  attempts integer not null default 1,
  received_at timestamptz not null default now(),
  leased_until timestamptz not null,
  completed_at timestamptz
);

create index if not exists webhook_deliveries_received_at on webhook_deliveries (received_at);

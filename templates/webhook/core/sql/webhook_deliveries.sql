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

-- What each subject has used of its quotas. Take it back with: drop table rate_limit_receipts, rate_limit_usage;
create table if not exists rate_limit_usage (
  subject text not null,
  policy text not null,
  period_end timestamptz not null,
  used bigint not null,
  primary key (subject, policy, period_end)
);

create index if not exists rate_limit_usage_period_end on rate_limit_usage (period_end);

-- Which uses were paid for, so that a client that tries again does not pay twice.
create table if not exists rate_limit_receipts (
  subject text not null,
  policy text not null,
  receipt text not null,
  created_at timestamptz not null default now(),
  primary key (subject, policy, receipt)
);

create index if not exists rate_limit_receipts_created_at on rate_limit_receipts (created_at);

-- The project's API must not show these tables: row security without a policy lets in their owner alone.
alter table rate_limit_usage enable row level security;
alter table rate_limit_receipts enable row level security;

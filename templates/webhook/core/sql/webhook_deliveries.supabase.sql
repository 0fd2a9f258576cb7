-- Which webhook events were handled, for the server alone: through the service role, and the functions below.
-- Take it back with:
--   drop function claim_webhook_delivery, complete_webhook_delivery, fail_webhook_delivery, sweep_webhook_deliveries;
--   drop table webhook_deliveries;
create table if not exists public.webhook_deliveries (
  key text primary key,
  token text not null,
  attempts integer not null default 1,
  received_at timestamptz not null default now(),
  leased_until timestamptz not null,
  completed_at timestamptz
);

create index if not exists webhook_deliveries_received_at on public.webhook_deliveries (received_at);

-- Without a policy this keeps out everybody but the service role.
alter table public.webhook_deliveries enable row level security;

create or replace function public.claim_webhook_delivery(p_key text, p_token text, p_lease_ms integer)
returns text language sql set search_path = '' as $$
  with claimed as (
    insert into public.webhook_deliveries as delivery (key, token, leased_until)
    values (p_key, p_token, now() + p_lease_ms * interval '1 millisecond')
    on conflict (key) do update
      set token = excluded.token, leased_until = excluded.leased_until, attempts = delivery.attempts + 1
      where delivery.completed_at is null and delivery.leased_until <= now()
    returning 1
  )
  select case
    when exists (select from claimed) then 'claimed'
    when exists (select from public.webhook_deliveries where key = p_key and completed_at is not null) then 'done'
    else 'processing'
  end
$$;

create or replace function public.complete_webhook_delivery(p_key text, p_token text)
returns void language sql set search_path = '' as $$
  update public.webhook_deliveries set completed_at = now() where key = p_key and token = p_token
$$;

create or replace function public.fail_webhook_delivery(p_key text, p_token text)
returns void language sql set search_path = '' as $$
  update public.webhook_deliveries set leased_until = now()
  where key = p_key and token = p_token and completed_at is null
$$;

-- Forgets old events. With pg_cron, daily:
--   select cron.schedule('sweep-webhooks', '17 3 * * *', 'select public.sweep_webhook_deliveries()');
create or replace function public.sweep_webhook_deliveries()
returns void language sql set search_path = '' as $$
  delete from public.webhook_deliveries where received_at < now() - interval '30 days'
$$;

revoke all on table public.webhook_deliveries from public, anon, authenticated;
revoke execute on function
  public.claim_webhook_delivery, public.complete_webhook_delivery,
  public.fail_webhook_delivery, public.sweep_webhook_deliveries
from public, anon, authenticated;
grant select, insert, update, delete on table public.webhook_deliveries to service_role;
grant execute on function
  public.claim_webhook_delivery, public.complete_webhook_delivery,
  public.fail_webhook_delivery, public.sweep_webhook_deliveries
to service_role;

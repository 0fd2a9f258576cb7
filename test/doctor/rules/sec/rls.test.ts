import { rls } from '../../../../src/doctor/rules/sec/rls.ts';
import { manifest, ruleTest } from '../../rule.ts';

const supabase = (sql: string, later = ''): { files: Record<string, string> } => ({
  files: {
    'package.json': manifest('@supabase/supabase-js'),
    'supabase/migrations/1_a.sql': sql,
    'supabase/migrations/2_b.sql': later,
  },
});
const notes = 'create table public.notes (id bigint, user_id uuid);\n';
const secured = `${notes}alter table notes enable row level security;\n`;
const [one, two] = ['supabase/migrations/1_a.sql', 'supabase/migrations/2_b.sql'];

ruleTest(rls, {
  hits: {
    'a table without row security': { ...supabase(notes), at: [`${one}:1`] },
    'row security that is switched off later': {
      ...supabase(secured, 'alter table notes disable row level security;'),
      at: [`${one}:1`],
    },
    'policies and no row security, in any project': {
      files: {
        'package.json': manifest('pg'),
        'migrations/1.sql': `${notes}create policy own on notes using (user_id = 'x');\n`,
      },
      at: ['migrations/1.sql:1'],
    },
    'everybody may write': {
      ...supabase(`${secured}create policy "everything" on notes for all using (true);\n`),
      at: [`${one}:3`],
    },
    'every user may change and delete': {
      ...supabase(
        secured,
        'create policy u on notes for update to authenticated using (true) with check (true);\ncreate policy d on notes for delete to authenticated using (true);\n',
      ),
      at: [`${two}:1`, `${two}:2`],
    },
    'anybody may add': {
      ...supabase(`${secured}create policy i on notes for insert to anon with check (true);\n`),
      at: [`${one}:3 warning`],
    },
    'by what the user can change': {
      ...supabase(
        `${secured}create policy p on notes for select using (((auth.jwt() -> 'user_metadata') ->> 'role') = 'admin');\n`,
      ),
      at: [`${one}:3`],
    },
    'a function with its owner’s rights': {
      ...supabase(
        `create function public.me() returns uuid language sql security definer as $$ select auth.uid() $$;\n`,
      ),
      at: [`${one}:1 warning`],
    },
    'functions that look names up as one, and apart from them one whose names have their schema': {
      ...supabase(
        `create function a() returns bigint language sql security definer as $$ select count(*) from notes $$;\n`,
        `create function b() returns void language plpgsql security definer as $$ begin insert into public.log(at) values (refresh()); end $$;\ncreate function c() returns boolean language sql security definer as $$ select exists (select 1 from public.notes n where n.id in (1, 2)) -- from notes\n $$;\n`,
      ),
      at: [`${one}:1 warning`, `${two}:2 warning`],
    },
    'a view that does not ask': {
      ...supabase(secured, 'create view mine as select * from notes;\n'),
      at: [`${two}:1`],
    },
    'a file that stands beside the migrations and keeps what it does': {
      files: {
        ...supabase(secured).files,
        'supabase/views.sql': 'begin;\ncreate view mine as select * from notes;\ncommit;\n',
      },
      at: ['supabase/views.sql:2'],
    },
  },
  clean: {
    'what a test of the database makes, and a file that takes all back': {
      files: {
        ...supabase(secured).files,
        'supabase/tests/3_notes.sql': `begin;\nselect plan(1);\ncreate function a() returns bigint language sql security definer as $$ select count(*) from notes $$;\n`,
        'supabase/try.sql': `begin;\n${notes}create view mine as select * from notes;\nrollback; -- nothing stays\n`,
      },
    },
    'a free policy beside one that restricts, and row security that a template enables': {
      files: {
        'db/migrations/001_orders.sql': `create table orders (id uuid primary key, tenant_id uuid);\nalter table orders enable row level security;\ncreate policy orders_tenant on orders as restrictive using (tenant_id = current_tenant());\ncreate policy orders_change on orders using (true);\n`,
        'db/migrations/002_lines.sql': `create table lines (id uuid primary key, tenant_id uuid);\ncreate policy lines_tenant on lines using (tenant_id = current_tenant());\n`,
        'db/migrations/003_roles.sql': `create table roles (id uuid primary key, tenant_id uuid);\ncreate policy roles_change on roles using (true);\n`,
        'src/db/secure.ts':
          'export const secure = (name) => `alter table ${name} enable row level security; create policy ${name}_tenant on ${name} as restrictive using (tenant_id = current_tenant());`;\n',
      },
    },
    'row security in a later file': supabase(
      notes,
      'alter table public.notes enable row level security;\ncreate policy own on notes using ((select auth.uid()) = user_id);\n',
    ),
    'everybody may read': supabase(`${secured}create policy r on notes for select using (true);\n`),
    'the service may do all': supabase(
      `${secured}create policy s on notes for all to service_role using (true) with check (true);\n`,
    ),
    'a table of a schema that is not exposed, one that is gone': supabase(
      'create table private.keys (id int);\ncreate table old (id int);\n',
      'drop table old;\n',
    ),
    'no client reaches the tables': { files: { 'package.json': manifest('pg'), 'migrations/1.sql': notes } },
    'a function with a search_path, and one that gets it later': supabase(
      `create function a() returns int language sql security definer set search_path = '' as $$ select 1 $$;\ncreate function b() returns int language sql security definer as $$ select 1 $$;\n`,
      `alter function b() set search_path = '';\n`,
    ),
    'views that ask': supabase(
      `${secured}create view a with (security_invoker) as select * from notes;\ncreate view b as select * from notes;\n`,
      'alter view b set (security_invoker = on);\n',
    ),
    'row security by a loop': supabase(
      `${notes}do $$ declare t text; begin for t in select tablename from pg_tables loop execute format('alter table %I enable row level security', t); end loop; end $$;\n`,
    ),
    'a policy that is taken back': supabase(
      `${secured}create policy "everything" on notes using (true);\n`,
      'drop policy "everything" on notes;\n',
    ),
    'rights taken from the public': supabase(`${notes}revoke all on table notes from anon, authenticated;\n`),
  },
});

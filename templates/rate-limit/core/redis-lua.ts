/**
 * The arithmetic of `bucket.ts`, `window.ts` and `usage.ts`, where Redis keeps the numbers: change them together.
 * KEYS: a counter for each policy, and last the receipt, where there is one.
 * ARGV: action, cost, a receipt's lifetime, and for each policy its kind, limit, window (a quota's end) and burst.
 * Answers four whole numbers for each policy: admitted, remaining, retryAfterMs (-1 for never) and resetMs.
 */
export const limitLua = `
local action, cost, count = ARGV[1], tonumber(ARGV[2]), (#ARGV - 3) / 4
local clock = redis.call('time')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

local function settle(p)
  local value = action ~= 'reset' and redis.call('get', p.key)
  if value then
    local at, used, before = string.match(value, '^(%d+) (%d+) (%d+)$')
    p.at, p.used, p.before = tonumber(at), tonumber(used), tonumber(before)
  end
  if p.kind == 'bucket' then
    p.stale = p.at and p.at > now
    p.used = math.min(p.used or 0, p.burst * p.window)
    p.used = math.max(0, p.used - math.max(0, now - (p.at or now)) * p.limit)
    p.at, p.before = now, 0
  elseif p.kind == 'window' then
    local start = now - now % p.window
    local ago = start - (p.at or 0)
    p.stale = ago < 0
    p.used, p.before = math.min(p.used or 0, p.limit), math.min(p.before or 0, p.limit)
    if ago == p.window then p.used, p.before = 0, p.used end
    if ago > p.window then p.used, p.before = 0, 0 end
    p.at = start
  else
    p.at, p.used, p.before = p.window, p.used or 0, 0
  end
end

local function stand(p)
  if p.kind == 'bucket' then
    local room = p.burst * p.window - p.used
    p.remaining = math.floor(room / p.window)
    p.retry = cost > p.burst and -1 or math.max(0, math.ceil((cost * p.window - room) / p.limit))
    p.reset = math.ceil(p.used / p.limit)
  elseif p.kind == 'window' then
    local left = p.at + p.window - now
    local room = (p.limit - p.used) * p.window
    p.remaining = math.max(0, math.floor((room - p.before * left) / p.window))
    p.reset = p.used > 0 and left + p.window or p.before > 0 and left or 0
    room = room - cost * p.window
    if p.before * left <= room then p.retry = 0
    elseif cost > p.limit then p.retry = -1
    elseif room >= 0 then p.retry = left - math.floor(room / p.before)
    else p.retry = left + p.window - math.floor((p.limit - cost) * p.window / p.used) end
  else
    p.remaining = math.max(0, p.limit - p.used)
    p.reset = math.max(1, p.at - now)
    p.retry = p.used + cost <= p.limit and 0 or cost > p.limit and -1 or p.reset
  end
end

local receipt = KEYS[count + 1]
local paid = receipt and redis.call('exists', receipt) == 1
local policies, admitted = {}, true
for i = 1, count do
  local base = 4 * i
  local p = {
    key = KEYS[i], kind = ARGV[base],
    limit = tonumber(ARGV[base + 1]), window = tonumber(ARGV[base + 2]), burst = tonumber(ARGV[base + 3]),
  }
  settle(p)
  stand(p)
  p.paid = paid and p.kind == 'quota'
  p.admitted = (p.paid or p.retry == 0) and 1 or 0
  admitted = admitted and p.admitted == 1
  policies[i] = p
end

if receipt and action == 'take' and admitted then redis.call('set', receipt, '1', 'px', ARGV[3]) end
if paid and action == 'refund' then redis.call('del', receipt) end

local answer = {}
for i, p in ipairs(policies) do
  local change = 0
  if action == 'take' and admitted and not p.paid then change = cost end
  if action == 'refund' and (p.paid or not receipt or p.kind ~= 'quota') then change = -cost end
  if change ~= 0 then
    p.used = math.max(0, p.used + change * (p.kind == 'bucket' and p.window or 1))
    stand(p)
  end
  if action == 'reset' or change ~= 0 and p.used + p.before == 0 then
    redis.call('del', p.key)
  elseif change ~= 0 or p.stale and action ~= 'peek' then
    -- A quota stays a day longer: by another clock its period may not be over.
    local life = p.kind == 'quota' and p.reset + 86400000 or math.max(1, p.reset)
    redis.call('set', p.key, string.format('%.0f %.0f %.0f', p.at, p.used, p.before), 'px', life)
  end
  local at = 4 * i - 3
  answer[at], answer[at + 1], answer[at + 2], answer[at + 3] = p.admitted, p.remaining, p.retry, p.reset
end
return answer`;

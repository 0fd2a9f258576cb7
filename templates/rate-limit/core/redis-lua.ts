/**
 * The arithmetic of `bucket.ts`, `window.ts` and `usage.ts`, where Redis keeps the numbers: change them together.
 * KEYS: a counter for each policy, and last the receipt, where there is one.
 * ARGV: action, cost, and for each policy its kind, limit, window (a quota's end) and burst.
 * Answers four whole numbers for each policy: allowed, remaining, retryAfterMs (-1 for never) and resetMs.
 */
export const limitLua = `
local floor, ceil, max, min = math.floor, math.ceil, math.max, math.min
local day = 86400000
local action, cost, count = ARGV[1], tonumber(ARGV[2]), (#ARGV - 2) / 4
local clock = redis.call('time')
local now = clock[1] * 1000 + floor(clock[2] / 1000)
local receipt = KEYS[count + 1]
local paid = receipt and redis.call('exists', receipt) == 1

local admitted, policies = true, {}
for i = 1, count do
  local kind, limit = ARGV[4 * i - 1], tonumber(ARGV[4 * i])
  local window, burst = tonumber(ARGV[4 * i + 1]), tonumber(ARGV[4 * i + 2])
  local value = action ~= 'reset' and redis.call('get', KEYS[i])
  local at, used, before = 0, 0, 0
  if value then
    at, used, before = string.match(value, '^(%d+) (%d+) (%d+)$')
    at, used, before = tonumber(at), tonumber(used), tonumber(before)
  end

  local stale, free, fits = false, false, false
  if kind == 'bucket' then
    stale = at > now
    used = min(used, burst * window)
    if now > at then used = max(0, used - (now - at) * limit) end
    at = now
    fits = used + cost * window <= burst * window
  elseif kind == 'window' then
    local start = now - now % window
    local age = start - at
    stale = age < 0
    used, before = min(used, limit), min(before, limit)
    if age == window then used, before = 0, used elseif age > window then used, before = 0, 0 end
    at = start
    fits = before * (at + window - now) <= (limit - used - cost) * window
  else
    at = window
    free = paid
    fits = free or used + cost <= limit
  end
  admitted = admitted and fits
  policies[i] = { kind, limit, window, burst, at, used, before, stale, free, fits }
end

if receipt and action == 'take' and admitted then redis.call('set', receipt, '1', 'px', day) end
if paid and action == 'refund' then redis.call('del', receipt) end

local answer = {}
for i = 1, count do
  local kind, limit, window, burst, at, used, before, stale, free, fits = unpack(policies[i])
  local change = 0
  if action == 'take' then
    if admitted and not free then change = cost end
  elseif action == 'refund' then
    if free or not receipt or kind ~= 'quota' then change = -cost end
  end

  local remaining, retry, reset
  if kind == 'bucket' then
    used = max(0, used + change * window)
    local room = burst * window - used
    remaining, reset = floor(room / window), ceil(used / limit)
    if cost * window <= room then retry = 0
    elseif cost > burst then retry = -1
    else retry = ceil((cost * window - room) / limit) end
  elseif kind == 'window' then
    used = max(0, used + change)
    local left, room = at + window - now, (limit - used) * window
    remaining = max(0, floor((room - before * left) / window))
    reset = used > 0 and left + window or before > 0 and left or 0
    room = room - cost * window
    if before * left <= room then retry = 0
    elseif cost > limit then retry = -1
    elseif room >= 0 then retry = left - floor(room / before)
    else retry = left + window - floor((limit - cost) * window / used) end
  else
    used = max(0, used + change)
    remaining, reset = max(0, limit - used), max(1, at - now)
    retry = used + cost <= limit and 0 or cost > limit and -1 or reset
  end

  if action == 'reset' or change ~= 0 and used + before == 0 then
    redis.call('del', KEYS[i])
  elseif change ~= 0 or stale and action ~= 'peek' then
    -- A quota stays a day longer: by another clock its period may not be over.
    local life = kind == 'quota' and reset + day or max(1, reset)
    redis.call('set', KEYS[i], string.format('%d %d %d', at, used, before), 'px', string.format('%d', life))
  end
  local to = 4 * i
  answer[to - 3], answer[to - 2], answer[to - 1], answer[to] = fits and 1 or 0, remaining, retry, reset
end
return answer`;

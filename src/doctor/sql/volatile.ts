/** Functions of PostgreSQL and of its common extensions that give another value for every row. */
const volatile =
  /^(random|random_normal|clock_timestamp|timeofday|nextval|setval|gen_random_uuid|uuidv4|uuidv7|gen_random_bytes|gen_salt|uuid_generate_v[1-8]\w*|uuid_v7|uuid7|gen_ulid|ulid|generate_ulid|nanoid|cuid2?|ksuid|snowflake_id|pg_sleep)$/;

/** True for a function, by its name, that gives another value each time it is asked. */
export const isVolatileName = (name: string): boolean => volatile.test(name.toLowerCase());

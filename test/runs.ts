/** Whether this run tries every combination (BS_FULL=1), where others try every pair. */
export const full = process.env.BS_FULL === '1';

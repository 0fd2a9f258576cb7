// Loaded into every Node process of a measured command: adds what it used to a file, as one line of JSON.
const { appendFileSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');

// A thread's figures are those of its process.
if (isMainThread)
  process.on('exit', () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    appendFileSync(
      process.env.BENCH_CPU_FILE,
      `${JSON.stringify({ cpu: userCPUTime + systemCPUTime, rss: maxRSS })}\n`,
    );
  });

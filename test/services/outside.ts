/** This process's environment without what the test runner and npm put there: a host must not see them. */
export function outsideEnvironment(): NodeJS.ProcessEnv {
  const inner = /^(npm_|VITEST|TEST$|NODE_ENV$|NODE_OPTIONS$|VITE_|FORCE_COLOR$|PORT$|DEV$|PROD$|MODE$|SSR$|BASE_URL$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !inner.test(name)));
}

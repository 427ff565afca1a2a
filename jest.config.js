const built = '<rootDir>/(gateway|platform|supergraph|(packages|subgraphs)/[^/]+)/dist/';

// Apollo's libraries report to their maker by default; suites start many of them.
process.env['APOLLO_TELEMETRY_DISABLED'] = 'true';

/**
 * One Jest run over every workspace. ESM mode (`--experimental-vm-modules`) because PGlite loads its WebAssembly by dynamic
 * import, which Jest's CommonJS mode cannot do. Types are checked by `npm run types`, not here.
 */
export default {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@trellis/source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': ['ts-jest', { useESM: true, tsconfig: 'tsconfig.json', diagnostics: false }],
  },
  // The gateways that the benchmark installs are none of ours, and many files.
  modulePathIgnorePatterns: [built, '<rootDir>/bench/gateway/peers/[^/]+/node_modules/'],
  // Those of `tests/chaos` break servers: they have a command of their own, `npm run test:chaos`.
  testPathIgnorePatterns: ['/node_modules/', built, '<rootDir>/tests/chaos/'],
  // A property that fails in CI is to fail here too, and the next time.
  setupFiles: ['<rootDir>/tests/support/property-seed.ts'],
  testMatch: ['**/*.test.ts'],
  testTimeout: 60_000,
  maxWorkers: 2,
  // What a suite loaded as ES modules is never freed: a worker that holds more is replaced by a new one.
  workerIdleMemoryLimit: '1GB',
};

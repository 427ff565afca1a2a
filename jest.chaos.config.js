import everything from './jest.config.js';

/** The suites that break servers and kill processes, one at a time: they would disturb each other. */
export default {
  ...everything,
  testPathIgnorePatterns: everything.testPathIgnorePatterns.filter(
    (pattern) => !pattern.includes('tests/chaos'),
  ),
  testMatch: ['<rootDir>/tests/chaos/**/*.test.ts'],
  testTimeout: 180_000,
  maxWorkers: 1,
};

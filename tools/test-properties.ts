import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { globSync } from 'tinyglobby';

/**
 * Tries every property of the repository anew: with a seed that nobody has seen, and more often than in a check. PROPERTY_SEED and
 * PROPERTY_RUNS set both; a failure prints the seed and the example that it found.
 */
const tests = globSync('{gateway,packages,platform,subgraphs,supergraph,tests}/**/*.test.ts', {
  ignore: '**/{node_modules,dist}/**',
});
const withProperties = tests.filter((file) => readFileSync(file, 'utf8').includes("from 'fast-check'"));
const jest = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--testTimeout=600000'];
const { status } = spawnSync(process.execPath, [...jest, '--runTestsByPath', ...withProperties], {
  stdio: 'inherit',
  env: { PROPERTY_SEED: 'random', PROPERTY_RUNS: '2000', ...process.env },
});
process.exitCode = status ?? 1;

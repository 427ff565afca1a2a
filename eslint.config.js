import eslint from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig(
  globalIgnores(['**/dist/', '**/generated/', '**/coverage/', '.trellis/']),
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      // One program for everything; the project service would build one for each workspace, and take twice as long.
      parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // A name with an underscore in front says that it is there for its position alone.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Numbers and booleans print as one expects; objects, null and undefined do not.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // `() => void doIt()` and a callback that returns what it calls are how short functions look here.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // With noUncheckedIndexedAccess an index that is known to be in bounds has no other short form.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Implementing an asynchronous port does not need to wait for anything.
      '@typescript-eslint/require-await': 'off',
      // Ports and starters are records of closures: they have no `this` to lose.
      '@typescript-eslint/unbound-method': 'off',
      // What a callback changes while we wait is not seen by the narrowing that this rule trusts.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // graphql's enums are its words: `operation === 'query'` says it best.
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
      // A parameter that stands once may still be what the caller has to name.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      // Lengths are counted in code points, which is what spreading a string gives.
      '@typescript-eslint/no-misused-spread': [
        'error',
        { allow: [{ from: 'lib', name: 'string' }, 'string'] },
      ],
      // Recurses without end on types that contain themselves, as graphql's do (typescript-eslint 8.73).
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    files: ['**/*.{js,cjs,mjs}'],
    languageOptions: { globals: { process: 'readonly', module: 'writable' } },
  },
);

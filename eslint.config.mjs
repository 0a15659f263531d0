import tseslint from 'typescript-eslint'

/** Typed rules only: what biome cannot see. Formatting and plain lint are biome's. */
export default tseslint.config(
  { ignores: ['node_modules', 'dist', '.next', '.sallyport', 'drizzle', 'next-env.d.ts'] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    languageOptions: { parser: tseslint.parser, parserOptions: { projectService: true } },
    plugins: { '@typescript-eslint': tseslint.plugin },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      'max-lines': ['error', { max: 350 }],
    },
  },
  {
    files: ['**/*.test.ts', '**/*.spec.ts', '**/*.test.tsx'],
    rules: { 'max-lines': ['error', { max: 700 }] },
  },
  {
    files: ['proxy/**/*.ts'],
    ignores: ['proxy/core/gate*.ts', 'proxy/core/upstream.ts', 'proxy/core/reach.ts', '**/*.test.ts', '**/testing/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'CallExpression[callee.property.name=/^(write|end)$/][callee.object.name=/upstream/i]',
          message: 'Bytes reach a target only through gate.dispatch(), after the intent is durable.',
        },
        {
          selector: 'CallExpression[callee.property.name=/^(write|end)$/][callee.object.property.name=/upstream/i]',
          message: 'Bytes reach a target only through gate.dispatch(), after the intent is durable.',
        },
        {
          selector: 'TSAsExpression > TSTypeReference[typeName.name=/^(Authorized|Reach|Permit)$/]',
          message: 'Proof is made in one place: Authorized and Reach in core/reach.ts, Permit in the gate.',
        },
      ],
    },
  },
  {
    files: ['app/**/*.{ts,tsx}', 'lib/**/*.ts', 'proxy/**/*.ts', 'bin/**/*.ts'],
    ignores: ['lib/config/env.ts', '**/*.test.ts', '**/testing/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only lib/config/env.ts reads the environment.' },
      ],
    },
  },
)

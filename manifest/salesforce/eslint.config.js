import lwc from '@salesforce/eslint-config-lwc/recommended.js';
import jest from 'eslint-plugin-jest';

export default [
  ...lwc,
  {
    files: ['force-app/**/__tests__/**/*.js'],
    plugins: { jest },
    languageOptions: { globals: jest.environments.globals.globals },
    rules: {
      ...jest.configs.recommended.rules,
      // A microtask after a wire's answer: the way in which components are awaited.
      '@lwc/lwc/no-async-operation': 'off',
      // In tests an adapter is told what it answers.
      '@lwc/lwc/no-unexpected-wire-adapter-usages': 'off',
    },
  },
];

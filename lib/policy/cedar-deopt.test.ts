import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/** Asks Cedar through a function that V8 compiled, and has V8 throw the compiled one away while Cedar reads the context. */
const PROVOKE = `
import { PreparedStatements } from './cedar.ts';
import wasm from '@cedar-policy/cedar-wasm/nodejs';
const prepared = new PreparedStatements({ all: 'permit (principal, action, resource);' });
const compiled = wasm.statefulIsAuthorized;
let armed = false;
const context = { get any() { if (armed) { %DeoptimizeFunction(compiled); } return 1; } };
const uid = { type: 'Person', id: 'x' };
const ask = () => prepared.ask({ principal: uid, resource: uid, entities: [], context }).allowed;
%PrepareFunctionForOptimization(compiled);
for (let round = 0; round < 20; round++) ask();
%OptimizeFunctionOnNextCall(compiled);
ask();
armed = true;
console.log(ask(), ask());
`

test('a process survives that V8 deoptimises a call into Cedar', () => {
  const output = execFileSync(
    process.execPath,
    ['--allow-natives-syntax', '--import', 'tsx', '--input-type=module', '--eval', PROVOKE],
    { cwd: fileURLToPath(new URL('.', import.meta.url)), encoding: 'utf8' },
  )
  expect(output).toBe('true true\n')
})

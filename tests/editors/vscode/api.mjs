// The extension as the `vscode` API sees it: suite/index.cjs, run in the extension host of a real VS Code.
// node api.mjs   env: VSIX=nectarc.vsix NECTARC=.venv/bin/nectarc [OUT=folder of logs]
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { shop, Workbench } from './workbench.mjs';

const { VSIX, NECTARC, OUT = 'out' } = process.env;
const LIMIT = 900_000; // milliseconds for the whole suite
const report = path.resolve(OUT, 'api.txt');
fs.rmSync(report, { force: true });
const bench = await Workbench.start({ name: 'api', vsix: VSIX, out: OUT, driver: true, env: { NECTARC_API_REPORT: report } });
const folder = shop(path.join(bench.dir('work'), 'shop'), NECTARC);
const write = (name, text) => {
  fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  fs.writeFileSync(path.join(folder, name), text);
};
write('broken.toon', 'version: 1\nname: broken\nrules[2]{name,match,action,priority}:\n  errors,http.status >= 500,kep,1\n  rest,true,sample(1/100),0\n');
write('begun.toon', 'version: 1\nrules[2]{name,match,action,priority}:\n  begun,,keep,1\n  rest,true,sample(1/100),0\n');
write('astral.toon', 'version: 1\nrules[2]{name,match,action,priority}:\n  \u{1f41d}\u{1f41d},http.status >= 500,kep,1\n  rest,true,sample(1/100),0\n');
write('data.toon', 'users[2]{id,name}:\n  1,Ada\n  2,Bob\n');
write('values.yaml', 'image:\n  tag: latest\n');
write('rules-of-others.yaml', 'RulesVersion: 2\nSamplers:\n  production:\n    DeterministicSampler:\n      SampleRate: 10\n');
write('.vscode/settings.json', JSON.stringify({ 'nectarc.claude.shareValues': true, 'nectarc.inlineCompletion.enabled': true, 'nectarc.proofs.delay': 250 }));

let code;
try {
  const extension = fs.readdirSync(bench.dir('exts')).find((name) => name.startsWith('nectarc.nectarc-'));
  const ended = new Promise((resolve) => {
    setTimeout(() => resolve('the suite took too long'), LIMIT).unref();
    void bench.open(folder, undefined, [
      ['extensionDevelopmentPath', bench.uri(path.join(bench.dir('exts'), extension))],
      ['extensionTestsPath', bench.uri(path.resolve(import.meta.dirname, 'suite/index.cjs'))],
    ], async (page) => {
      await page.exposeFunction('codeAutomationLog', () => {});
      await page.exposeFunction('codeAutomationExit', resolve);
    });
  });
  code = await ended;
} finally {
  await bench.stop();
}
process.stdout.write(fs.existsSync(report) ? fs.readFileSync(report, 'utf8') : '');
assert.deepEqual([...bench.offHost], [], 'nothing but loopback was asked for');
assert.equal(code, 0, String(code));

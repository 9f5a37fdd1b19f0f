// The parts of the extension that know no VS Code: where a server is looked for, what is said where there is none.
// node --test units.mjs
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { pathToFileURL } from 'node:url';

const extension = path.resolve(import.meta.dirname, '../../../editors/vscode');
const { buildSync } = createRequire(path.join(extension, 'package.json'))('esbuild');
const built = fs.mkdtempSync(path.join(os.tmpdir(), 'nectarc-units-'));
after(() => fs.rmSync(built, { recursive: true, force: true }));
const load = async (name) => {
  const outfile = path.join(built, `${name.replaceAll('/', '-')}.mjs`);
  buildSync({ entryPoints: [path.join(extension, 'src', `${name}.ts`)], outfile, bundle: true, platform: 'node', format: 'esm' });
  return import(pathToFileURL(outfile).href);
};
const { candidates } = await load('server/candidates');
const { commandLine, probe } = await load('server/probe');
const { advice } = await load('server/advice');
const { isBelow, versionIn } = await load('server/version');
const { secured } = await load('secured');
const { inOrder } = await load('order');

const around = (files, changes = {}) => ({
  command: [], interpreter: '', python: undefined, folders: ['/work'], home: '/home/me', path: '/usr/local/bin:/usr/bin',
  windows: false, exists: (file) => files.includes(file), ...changes,
});
const places = (found) => found.map((one) => (one.kind === 'command' ? one.words.join(' ') : one.file));
const saying = (answers) => async (words) => answers[words[0]] ?? { code: null, out: '', error: 'ENOENT' };
const fine = (out) => ({ code: 0, out, error: '' });

test('the settings go first, and alone', () => {
  const files = ['/work/.venv/bin/nectarc', '/usr/bin/nectarc'];
  assert.deepEqual(places(candidates(around(files, { command: ['~/n/nectarc', 'lsp'], interpreter: '/py' }))), ['/home/me/n/nectarc lsp']);
  assert.deepEqual(places(candidates(around(files, { interpreter: '${workspaceFolder}/.venv/bin/python' }))), ['/work/.venv/bin/python']);
  assert.deepEqual(places(candidates(around(files, { interpreter: '.venv/bin/python' }))), ['/work/.venv/bin/python']);
  assert.deepEqual(places(candidates(around(files, { command: ['nectarc', 'lsp'] }))), ['/usr/bin/nectarc lsp']);
});

test('then the Python extension, the environments of the workspace, and PATH', () => {
  const files = ['/work/venv/bin/nectarc', '/work/.venv/bin/python', '/usr/bin/nectarc', '/usr/bin/python3', '/home/me/.local/bin/nectarc'];
  assert.deepEqual(places(candidates(around(files, { python: '/conda/bin/python' }))), [
    '/conda/bin/python', '/work/.venv/bin/python', '/work/venv/bin/nectarc', '/usr/bin/nectarc', '/home/me/.local/bin/nectarc', '/usr/bin/python3',
  ]);
  assert.deepEqual(candidates(around([])), []);
});

test('on Windows the programs end in .exe and stand in Scripts', () => {
  const scripts = path.join('/work', '.venv', 'Scripts', 'nectarc.exe');
  const found = candidates(around([scripts, '/tools/python.exe'], { windows: true, path: '/tools;/more' }));
  assert.deepEqual(places(found), [scripts, '/tools/python.exe']);
});

test('an interpreter with nectarc is a server, with the script beside it for tasks', async () => {
  const candidate = { kind: 'python', file: '/v/bin/python', from: 'x', chosen: false };
  const run = saying({ '/v/bin/python': fine('python 3.12.1 nectarc 0.1.0') });
  const server = await probe(candidate, run, (file) => file === '/v/bin/nectarc', false);
  assert.deepEqual([server.command, ...server.args], ['/v/bin/python', '-m', 'nectarc_lsp']);
  assert.deepEqual(server.cli, ['/v/bin/nectarc']);
});

test('the question to an interpreter is understood by a real one', async () => {
  const { runProgram } = await load('server/probe');
  const python = process.env.PYTHON ?? 'python3';
  const answer = await probe({ kind: 'python', file: python, from: 'x', chosen: false }, (words) => runProgram(words, undefined), () => false, false);
  assert.equal(answer.why, 'no nectarc');
  assert.equal(answer.python[0], 3);
});

for (const [what, said, words] of [
  ['nothing at all', {}, /there is no Python here.*pip install nectarc/],
  ['an old Python', { '/usr/bin/python3': fine('python 3.9.18 nectarc ') }, /needs Python 3\.11 or newer, and `\/usr\/bin\/python3` is Python 3\.9\.18/],
  ['a Python without nectarc', { '/usr/bin/python3': fine('python 3.11.2 nectarc ') }, /not installed in `\/usr\/bin\/python3` \(Python 3\.11\.2\).*`\/usr\/bin\/python3 -m pip install nectarc`/],
  ['an old nectarc', { '/usr/bin/nectarc': fine('nectarc 0.0.3 (x)') }, /is nectarc 0\.0\.3, and this extension needs 0\.1\.0/],
  ['a Python that fails', { '/usr/bin/python3': { code: 1, out: '', error: 'x\nNo pyvenv.cfg file\n' } }, /cannot be used: No pyvenv\.cfg file/],
]) {
  test(`advice: ${what}`, async () => {
    const refusals = [];
    for (const one of candidates(around(Object.keys(said)))) refusals.push(await probe(one, saying(said), () => false, false));
    assert.match(advice(refusals), words);
  });
}

test('a wrong setting is told, whatever else is there', async () => {
  const [only] = candidates(around(['/usr/bin/nectarc'], { command: ['/nowhere/nectarc', 'lsp'] }));
  assert.match(advice([await probe(only, saying({}), () => true, false)]), /^The setting nectarc\.server\.command: there is no program `\/nowhere\/nectarc`/);
});

test('the command line tool of a server command', () => {
  assert.deepEqual(commandLine(['/v/nectarc', 'lsp']), ['/v/nectarc']);
  assert.deepEqual(commandLine(['docker', 'run', 'x', 'nectarc', 'lsp', '--stdio']), ['docker', 'run', 'x', 'nectarc']);
  assert.deepEqual(commandLine(['py', '-m', 'nectarc_lsp']).slice(0, 2), ['py', '-c']);
});

test('versions', () => {
  assert.deepEqual(versionIn('nectarc 1.20.3rc1'), [1, 20, 3]);
  assert.deepEqual(versionIn('3.11'), [3, 11, 0]);
  assert.equal(versionIn('none'), undefined);
  assert.ok(isBelow([3, 9, 18], [3, 11, 0]) && isBelow([0, 1, 0], [0, 1, 1]) && !isBelow([1, 0, 0], [0, 9, 9]) && !isBelow([1, 2, 3], [1, 2, 3]));
});

test('a page gets our policy before anything else', () => {
  assert.match(secured('<html><head><style></style></head></html>'), /^<html><head><meta http-equiv="Content-Security-Policy" content="default-src 'none';/);
  assert.match(secured('<p>x</p>'), /^<!doctype html><html><head><meta http-equiv="Content-Security-Policy"/);
});

test('a change that goes out after the close is dropped, and the next opening counts', async () => {
  const sent = [];
  const { sendNotification } = inOrder();
  const send = (method, uri) => sendNotification({ method }, async (type, params) => sent.push([type.method, params.textDocument.uri]), { textDocument: { uri } });
  for (const [method, uri] of [['didOpen', 'a'], ['didChange', 'a'], ['didClose', 'a'], ['didChange', 'a'], ['didOpen', 'a'], ['didChange', 'a'], ['didChange', 'b']]) {
    await send(`textDocument/${method}`, uri);
  }
  assert.deepEqual(sent.map(([method]) => method.slice(13)), ['didOpen', 'didChange', 'didClose', 'didOpen', 'didChange']);
});

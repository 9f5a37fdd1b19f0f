// Machines and workspaces that are not ready: no trust, no Python, the wrong one, no nectarc, a wrong setting.
// node machine.mjs   env: VSIX=nectarc.vsix NECTARC=.venv/bin/nectarc PYTHON=a python without nectarc [OUT=pictures]
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Hands, shop, Steps, Workbench } from './workbench.mjs';

const { VSIX, NECTARC, PYTHON, OUT = 'out' } = process.env;
const bin = fs.mkdtempSync(path.join(os.tmpdir(), 'nectarc-path-'));
const bench = await Workbench.start({ name: 'machine', vsix: VSIX, out: OUT, trust: false, env: { PATH: bin } });
const folder = shop(path.join(bench.dir('work'), 'shop'), NECTARC);
const policy = path.join(folder, 'policy.toon');
fs.writeFileSync(policy, fs.readFileSync(policy, 'utf8').replace('5s,keep', '5s,kep'));
const steps = new Steps(bench.out, 'machine-');
let page;
let hands;
const step = (name, act) => steps.step(page, name, act);
const program = (name, lines) => fs.writeFileSync(path.join(bin, name), `#!/bin/sh\n${lines}\n`, { mode: 0o755 });
const squiggle = () => hands.editor.locator('.squiggly-error').first();
const toasts = () => page.locator('.notifications-toasts .notification-list-item');
/** One message of that text, with the buttons that help. */
const told = async (text) => {
  await hands.notified(text);
  const toast = toasts().filter({ hasText: text });
  assert.equal(await toast.count(), 1, 'it is told once');
  const buttons = await toast.locator('.notification-list-item-buttons-container .monaco-button').allInnerTexts();
  return buttons.map((one) => one.trim()).filter((one) => one !== '');
};
const HELP = ['How to Install', 'Open Settings', 'Show Output'];

try {
  page = await bench.open(folder, 'policy.toon');
  hands = new Hands(page);
  await step('1-restricted', async () => {
    await hands.status.getByText('Restricted Mode').waitFor();
    await hands.token('keep-errors').waitFor();
    // The grammar alone has coloured it: names, words, numbers, and actions differ.
    const looks = () => Promise.all(['keep-errors', 'Retain all', 'http.status', '500'].map((text) => hands.token(text).getAttribute('class')));
    await hands.until('there are four colours', async () => new Set(await looks()).size === 4);
    await hands.command('Nectarc: Prove');
    assert.deepEqual(await told('trusted workspace only'), ['Manage Workspace Trust']);
    assert.equal(await squiggle().count(), 0);
  });
  await step('2-trusted', async () => {
    await hands.clearNotifications();
    await hands.status.getByText('Restricted Mode').click();
    await page.locator('.workspace-trust-editor .monaco-button', { hasText: /^Trust$/ }).click();
    await hands.status.getByText('Restricted Mode').waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await squiggle().waitFor({ state: 'attached' });
  });
  await step('3-no-python', async () => {
    fs.rmSync(path.join(folder, '.venv'), { recursive: true });
    await page.reload();
    await hands.token('keep-errors').waitFor();
    assert.deepEqual(await told('Nectarc needs Python 3.11 or newer, and there is no Python here'), HELP);
    assert.equal(await squiggle().count(), 0);
  });
  await step('4-how-to-install', async () => {
    await toasts().getByText('How to Install').click();
    await hands.webview('Where the extension looks');
    await hands.clearNotifications();
    await hands.command('View: Close Editor');
  });
  await step('5-old-python', async () => {
    program('python3', `exec ${PYTHON} -c 'import sys; sys.version_info = (3, 9, 18, "final", 0); exec(sys.argv[2])' "$@"`);
    await hands.command('Nectarc: Restart Server');
    assert.deepEqual(await told(`${path.join(bin, 'python3')}\` is Python 3.9.18`), HELP);
  });
  await step('6-python-without-nectarc', async () => {
    await hands.clearNotifications();
    program('python3', `exec ${PYTHON} "$@"`);
    await hands.command('Nectarc: Restart Server');
    await told('Nectarc is not installed in');
    await hands.notified('-m pip install nectarc');
  });
  await step('7-old-nectarc', async () => {
    await hands.clearNotifications();
    program('nectarc', 'echo "nectarc 0.0.9 (policy language 1)"');
    await hands.command('Nectarc: Restart Server');
    await told('is nectarc 0.0.9, and this extension needs 0.1.0 or newer');
  });
  await step('8-wrong-setting', async () => {
    await hands.clearNotifications();
    fs.mkdirSync(path.join(folder, '.vscode'), { recursive: true });
    fs.writeFileSync(path.join(folder, '.vscode/settings.json'), '{"nectarc.server.command": ["/nowhere/nectarc", "lsp"]}');
    await told('The setting nectarc.server.command: there is no program `/nowhere/nectarc`'); // by itself
  });
  await step('9-put-right', async () => {
    await hands.clearNotifications();
    const command = JSON.stringify({ 'nectarc.server.command': [path.resolve(NECTARC), 'lsp'] });
    fs.writeFileSync(path.join(folder, '.vscode/settings.json'), command);
    await squiggle().waitFor({ state: 'attached' }); // it starts by itself
    assert.equal(await hands.notification.count(), 0);
  });
} finally {
  await bench.stop();
  fs.rmSync(bin, { recursive: true, force: true });
}
assert.deepEqual([...bench.offHost], [], 'nothing but loopback was asked for');
console.log(`${steps.passed} passed, ${steps.failed} failed`);
process.exit(steps.failed === 0 ? 0 : 1);

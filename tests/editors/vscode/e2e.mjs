// A person at work in VS Code, on a copy of the example shop.
// node e2e.mjs   env: VSIX=nectarc.vsix NECTARC=.venv/bin/nectarc [OUT=folder of pictures] [PICTURES=folder of README's]
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { suggestions, walkthrough } from './assist.mjs';
import { Hands, shop, Steps, Workbench } from './workbench.mjs';

const { VSIX, NECTARC, OUT = 'out', PICTURES } = process.env;
const bench = await Workbench.start({ name: 'e2e', vsix: VSIX, out: OUT });
const folder = shop(path.join(bench.dir('work'), 'shop'), NECTARC);
const policy = path.join(folder, 'policy.toon');
const original = fs.readFileSync(policy, 'utf8');
const onDisk = () => fs.readFileSync(policy, 'utf8');
const TESTED = `version: 1
name: production-sampling
rules[3]{name,description,match,action,priority}:
  keep-errors,Retain all HTTP 5xx errors,http.status >= 500,keep,100
  keep-slow,Retain slow requests,duration > 5s,keep,90
  sample-rest,Sample remaining traffic,true,sample(0.01),0
tests[2]:
  - name: a failing dependency
    expect: keep-errors
    spans[2]{name,http.status,duration_ms}:
      GET /cart,200,12.5
      inventory,503,3
  - name: wrong on purpose
    expect: keep-slow
    spans[1]{name,http.status,duration_ms}:
      GET /cart,200,12.5
`;
const task = { type: 'nectarc', task: 'check', file: '../elsewhere/other.toon', label: 'check the other', problemMatcher: ['$nectarc'] };
fs.mkdirSync(path.join(folder, '.vscode'));
fs.writeFileSync(path.join(folder, '.vscode/tasks.json'), JSON.stringify({ version: '2.0.0', tasks: [task] }));
const steps = new Steps(bench.out, '');
let page;
let hands;

/** Each step begins with the policy as it was, alone on the screen. */
const step = (name, act) =>
  steps.step(page, name, async () => {
    await fresh();
    await act();
    await hands.noteDefects();
    assert.deepEqual(hands.defects.splice(0), [], 'the server has no defects');
  });
/** A picture for the README; `wide`: without the side bar, so that two editors have room. */
const picture = async (name, wide = false) => {
  if (PICTURES === undefined) return;
  await hands.clearNotifications();
  if (wide) {
    await page.mouse.move(700, 700); // no tooltips
    await page.keyboard.press('Control+B');
  }
  await page.waitForTimeout(500); // fading and scrolling end
  await page.screenshot({ path: path.join(PICTURES, `${name}.png`) });
  if (wide) await page.keyboard.press('Control+B');
};
const squiggle = () => hands.editor.locator('.squiggly-error').first();
const state = (text) => hands.status.locator('[id="nectarc.nectarc.nectarc.proof"]', { hasText: text });
const problem = (text) => page.locator('.markers-panel .monaco-list-row', { hasText: text }).first();
const focus = () => page.keyboard.press('Control+1');
const hovered = async (text) => {
  const shown = page.locator('.monaco-hover:not(.hidden)', { has: page.locator('.hover-contents') }).first();
  await hands.until(`there is a hover of ${text}`, async () => {
    await page.keyboard.press('Escape');
    await page.mouse.move(700, 650);
    await hands.token(text).hover();
    return shown.waitFor({ timeout: 3000 }).then(() => true, () => false);
  });
  return shown;
};
/** As a person does: in the explorer, folder by folder. */
const openFile = async (file) => {
  await hands.command('File: Focus on Files Explorer');
  const parts = file.split('/');
  for (const [depth, part] of parts.entries()) {
    const row = page.locator(`.explorer-folders-view .monaco-list-row[aria-level="${depth + 1}"]`, {
      has: page.locator('.label-name', { hasText: new RegExp(`^${part}$`) }),
    });
    await row.waitFor();
    if (depth === parts.length - 1) await row.dblclick();
    else if ((await row.getAttribute('aria-expanded')) !== 'true') await row.click();
  }
  await page.locator('.breadcrumbs-control', { hasText: new RegExp(`^${parts.join('.*')}`) }).first().waitFor();
};
/** The language servers of this VS Code: by the folder that they run in. */
const serverPids = () =>
  fs.readdirSync('/proc').filter((pid) => {
    try {
      const words = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      return words.includes('lsp') && words.some((word) => word.endsWith('nectarc')) && fs.readlinkSync(`/proc/${pid}/cwd`) === folder;
    } catch {
      return false; // it has ended
    }
  }).map(Number);
/** Put the text into the editor and save it. */
const write = async (text) => {
  await focus();
  await page.keyboard.press('Control+A');
  await page.evaluate((words) => navigator.clipboard.writeText(words), text);
  await page.keyboard.press('Control+V');
  // Pasting takes its time: the cursor stands behind the text then, and nothing is selected.
  const lines = text.split('\n');
  await hands.status.getByText(`Ln ${lines.length}, Col ${lines.at(-1).length + 1}`, { exact: true }).waitFor();
  await page.keyboard.press('Control+Home');
  await hands.save();
  await hands.until('the file has the text', () => onDisk() === text);
};
const fresh = async () => {
  for (let turn = 0; turn < 3; turn++) await page.keyboard.press('Escape');
  await hands.clearNotifications();
  const groups = page.locator('.editor-group-container');
  const tabs = page.locator('.tabs-container .tab');
  if ((await groups.count()) > 1 || (await tabs.count()) !== 1 || (await tabs.filter({ hasText: /^policy\.toon/ }).count()) !== 1) {
    await hands.command('View: Close All Editors');
    const discard = page.locator('.monaco-dialog-box .monaco-button', { hasText: "Don't Save" });
    await tabs.first().or(discard).waitFor({ state: 'detached', timeout: 2000 }).catch(() => {});
    if ((await discard.count()) > 0) await discard.click();
    await openFile('policy.toon');
    await hands.token('production-sampling').waitFor();
  }
  if (onDisk() !== original || (await tabs.filter({ has: page.locator('.dirty') }).count()) > 0 || (await page.locator('.tab.dirty').count()) > 0) {
    await write(original);
  }
  if (await page.locator('.part.panel').isVisible()) await page.keyboard.press('Control+J');
  await page.mouse.move(5, 400);
};

try {
  page = await bench.open(folder, 'policy.toon');
  hands = new Hands(page);

  await steps.step(page, '01-open', async () => {
    await hands.token('keep-errors').waitFor();
    await hands.status.locator('#status\\.editor\\.mode', { hasText: 'TOON' }).waitFor();
  });
  await step('02-squiggle-and-problem', async () => {
    await hands.putCursor(original, '5s,keep');
    await page.keyboard.press('Backspace');
    await squiggle().waitFor({ state: 'attached' });
    await page.keyboard.press('Control+Shift+M');
    await problem('kee').waitFor();
    assert.match(await problem('kee').innerText(), /NEC220/);
  });
  await step('03-quick-fix', async () => {
    await write(original.replace('5s,keep', '5s,kee'));
    await squiggle().waitFor({ state: 'attached' });
    await hands.putCursor(original, '5s,ke');
    await page.keyboard.press('Control+.');
    await page.locator('.action-widget .monaco-list-row', { hasText: '`keep`' }).first().waitFor();
    await page.keyboard.press('Enter');
    await squiggle().waitFor({ state: 'detached' });
    await hands.save();
    assert.equal(onDisk(), original);
  });
  await step('04-hover-of-a-rule', async () => {
    // A hover that is open does not change: look again, until it says what the rule means, becomes and keeps.
    await hands.until('the hover says all', async () => /above 5 s[^]*of your traffic[^]*Conditions:/.test(await (await hovered('keep-slow')).innerText()));
    await picture('hover');
  });
  await step('05-hover-of-a-field', async () => {
    const hover = await hovered('http.status');
    await hover.getByText('http.response.status_code').first().waitFor();
    assert.match(await hover.innerText(), /int/);
  });
  await step('06-completion', async () => {
    await hands.putCursor(original, 'http.status >= 500');
    await page.keyboard.type(' || er', { delay: 30 });
    await page.keyboard.press('Control+Space');
    const popup = page.locator('.suggest-widget.visible');
    const offered = popup.locator('.monaco-list-row', { hasText: /^error/ }).first();
    await offered.waitFor();
    await picture('completion');
    await page.screenshot({ path: path.join(bench.out, '06-completion-popup.png') });
    await offered.click();
    await hands.line('|| error').waitFor();
    await hands.save();
    assert.match(onDisk(), /http\.status >= 500 \|\| error,keep,100/);
  });
  await step('07-code-lenses', async () => {
    await hands.editor.locator('.codelens-decoration', { hasText: /\d/ }).first().waitFor(); // what a rule keeps
    await hands.editor.locator('.codelens-decoration', { hasText: 'Prove' }).first().waitFor();
  });
  await step('08-inlay-hints', async () => {
    await hands.line('sample-rest').getByText('1 in 100').first().waitFor();
    await picture('editor');
  });
  await step('09-status-proved', async () => {
    await state('proved').waitFor();
    await state('proved').hover();
    await page.locator('.workbench-hover', { hasText: 'Click to prove it again' }).first().waitFor();
  });
  await step('10-prove', async () => {
    await hands.command('Nectarc: Prove');
    await hands.notified(/PROVED|proved/);
    await page.locator('.notifications-toasts').getByText('Show Report').click();
    const report = await hands.webview('every trace is decided by a rule');
    assert.match(await report.locator('body').innerText(), /PROVED/i);
    await page.screenshot({ path: path.join(bench.out, '10-proof-report.png') });
  });
  await step('11-rename', async () => {
    await hands.putCursor(original, 'keep-sl');
    await page.keyboard.press('F2');
    const box = page.locator('.rename-box input');
    await box.waitFor();
    assert.equal(await box.inputValue(), 'keep-slow');
    await box.fill('slow-requests');
    await page.keyboard.press('Enter');
    await hands.token('slow-requests').waitFor();
    await hands.save();
    assert.equal(onDisk(), original.replaceAll('keep-slow', 'slow-requests'));
  });
  await step('12-format', async () => {
    await write(original.replace('duration > 5s', 'duration>5s').replace('rules[3]', 'rules[7]'));
    await hands.command('Format Document');
    await hands.line('duration > 5s').waitFor();
    await hands.save();
    assert.equal(onDisk(), original);
  });
  await step('13-outline', async () => {
    await page.keyboard.press('Control+Shift+O');
    await hands.quickRows.filter({ hasText: 'keep-slow' }).first().waitFor();
  });
  await step('14-rules-beside', async () => {
    await hands.putCursor(original, 'keep-slow');
    await hands.command('Nectarc: Show Rules Beside');
    const beside = page.locator('.editor-group-container', { has: page.locator('.tab', { hasText: 'policy.rules.yaml' }) });
    await beside.locator('.view-line', { hasText: 'Name: keep-slow' }).waitFor();
    await picture('rules', true);
    await focus();
    await hands.putCursor(original, 'duration > 5');
    await page.keyboard.press('Backspace');
    await page.keyboard.type('7');
    await beside.locator('.view-line', { hasText: '7000' }).waitFor(); // it follows
  });
  await step('15-waggle', async () => {
    await hands.command('Nectarc: Show Waggle');
    const frame = await hands.webview('keep-errors');
    assert.equal(await frame.locator('script').count(), 0);
    await picture('waggle', true);
  });
  await step('16-counterexample', async () => {
    await write(original.replace('http.status >= 500,keep', 'http.status >= 500,sample(1/2)'));
    await state('refuted').waitFor();
    await hands.command('Nectarc: Prove');
    await hands.notified(/REFUTED|refuted/);
    await page.locator('.notifications-toasts').getByText('Show Counterexample').click();
    const frame = await hands.webview('keep-errors');
    assert.match(await frame.locator('body').innerText(), /http\.response\.status_code/);
    await picture('counterexample', true);
  });
  await step('17-refine-by-a-sentence', async () => {
    await focus();
    await hands.command('Nectarc: Refine Policy');
    await hands.quickInput.waitFor();
    await hands.quickInput.fill('also keep everything of the checkout service');
    await page.keyboard.press('Enter');
    const write = hands.quickRows.filter({ hasText: 'Write policy.toon' });
    for (let asked = 0; asked < 4; asked++) {
      await hands.quickRows.first().waitFor();
      if ((await write.count()) > 0) break;
      await page.keyboard.press('Enter'); // its first reading
    }
    await write.waitFor();
    await page.locator('.monaco-diff-editor .view-line', { hasText: 'checkout' }).first().waitFor();
    assert.equal(onDisk(), original); // nothing is written before the user says so
    await picture('propose', true);
    await page.screenshot({ path: path.join(bench.out, '17-refine-diff.png') });
    await write.click();
    await hands.until('the file has the new rule', () => /checkout/.test(onDisk()));
  });
  await step('18-propose-in-an-empty-place', async () => {
    await hands.command('Nectarc: Propose Policy from a Sentence');
    await hands.quickInput.fill('keep all errors, sample everything else at 2%');
    await page.keyboard.press('Enter');
    await hands.quickRows.filter({ hasText: 'Discard' }).waitFor();
    await page.locator('.monaco-diff-editor .view-line', { hasText: 'sample(' }).first().waitFor();
    await hands.pick('Discard');
    await page.locator('.monaco-diff-editor').first().waitFor({ state: 'detached' });
    assert.equal(onDisk(), original);
  });
  await step('19-tests-in-the-explorer', async () => {
    await write(TESTED);
    await hands.command('Nectarc: Run Tests');
    const tree = page.locator('.test-explorer');
    await tree.locator('.monaco-list-row', { hasText: 'a failing dependency' }).waitFor();
    await tree.locator('.monaco-list-row', { hasText: 'a failing dependency' }).locator('.codicon-testing-passed-icon').waitFor();
    await tree.locator('.monaco-list-row', { hasText: 'wrong on purpose' }).locator('.codicon-testing-failed-icon').waitFor();
    await picture('tests');
    await hands.command('View: Show Explorer');
  });
  await step('20-task-and-problem-matcher', async () => {
    await hands.status.locator('[aria-label*="Errors: 1"]').first().waitFor({ state: 'detached' });
    // The server speaks of the policies of the workspace; this one is only the task's.
    fs.writeFileSync(path.join(bench.dir('work/elsewhere'), 'other.toon'), 'version: 1\nrules[1]{name,match,action,priority}:\n  rest,true,kep,0\n');
    await hands.command('Tasks: Run Task');
    await hands.pick('check the other');
    await hands.status.locator('[aria-label*="Errors: 1"]').first().waitFor();
    await hands.command('Problems: Focus on Problems View');
    await problem('`kep` is no action').waitFor();
    assert.match(await problem('`kep` is no action').innerText(), /NEC220[\s\S]*Ln 3, Col 13/);
  });
  await step('21-a-killed-server-comes-back', async () => {
    const pids = serverPids();
    assert.equal(pids.length, 1, `one server: ${pids}`);
    process.kill(pids[0], 'SIGKILL');
    await hands.until('there is a new server', () => serverPids().length === 1 && serverPids()[0] !== pids[0]);
    await write(original.replace('5s,keep', '5s,kep'));
    await squiggle().waitFor({ state: 'attached' });
    await write(original);
    await squiggle().waitFor({ state: 'detached' });
  });
  await step('22-compile', async () => {
    await hands.command('Nectarc: Compile');
    await hands.notified(/rules\.yaml/);
    assert.match(fs.readFileSync(path.join(folder, 'rules.yaml'), 'utf8'), /Name: keep-errors/);
    assert.ok(fs.existsSync(path.join(folder, 'policy.lock')));
    await hands.clearNotifications();
  });
  await step('23-import-rules', async () => {
    const old = path.join(folder, 'old');
    fs.mkdirSync(old);
    fs.copyFileSync(path.join(folder, 'rules.yaml'), path.join(old, 'refinery.yaml'));
    await openFile('old/refinery.yaml');
    await hands.line('RulesVersion').waitFor();
    await hands.command('Nectarc: Import Rules as Policy');
    await hands.pick('Beside the rules file');
    await hands.line('keep-errors').waitFor();
    await hands.status.locator('#status\\.editor\\.mode', { hasText: 'TOON' }).waitFor();
  });
  await step('24-new-project', async () => {
    const made = bench.dir('work/made');
    await hands.command('Nectarc: New Project');
    await hands.pick('The example shop');
    await hands.until('the dialog stands at the workspace', async () => (await hands.quickInput.inputValue()).endsWith('/shop/'));
    await hands.quickInput.fill(`${made}/`);
    await hands.quickRows.filter({ hasText: 'incidents' }).waitFor({ state: 'detached' }); // it has gone there
    await page.locator('.quick-input-widget .monaco-button', { hasText: 'Make the Project Here' }).click();
    await hands.until('the project is there', () => fs.existsSync(path.join(made, 'nectar.toml')));
    await hands.token('keep-errors').waitFor();
  });
  await suggestions({ page, hands, step, picture, state, original, onDisk, bench });
  await walkthrough({ page, hands, step, state, bench });
} finally {
  await bench.stop();
}
assert.deepEqual([...bench.offHost], [], 'nothing but loopback was asked for');
console.log(`${steps.passed} passed, ${steps.failed} failed`);
process.exit(steps.failed === 0 ? 0 : 1);

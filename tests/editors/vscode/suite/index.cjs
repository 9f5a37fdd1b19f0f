// Runs INSIDE the extension host, with the real `vscode` API: node api.mjs starts it.
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const vscode = require('vscode');

const PATIENCE = Number(process.env.PATIENCE ?? 60_000);
const ID = 'nectarc.nectarc';

async function until(what, look) {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > end) throw new Error(`not so in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const folder = () => vscode.workspace.workspaceFolders[0].uri;
const at = (name) => vscode.Uri.joinPath(folder(), name);
const found = (uri) => vscode.languages.getDiagnostics(uri);
const codes = (uri) => found(uri).map((one) => one.code?.value ?? one.code);

async function shown(name) {
  const document = await vscode.workspace.openTextDocument(at(name));
  await vscode.window.showTextDocument(document);
  return document;
}

async function replace(document, from, to) {
  const start = document.getText().indexOf(from);
  assert.ok(start >= 0, `${from} stands in the document`);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(document.positionAt(start), document.positionAt(start + from.length)), to);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

/** The commands that the manifest promises, and that no one of them is the server's. */
async function commands() {
  const manifest = vscode.extensions.getExtension(ID).packageJSON;
  const all = new Set(await vscode.commands.getCommands(true));
  const missing = manifest.contributes.commands.map((one) => one.command).filter((one) => !all.has(one));
  assert.deepEqual(missing, []);
}

/** Someone else's YAML, JSON and TOON start no server; a policy does. */
async function startsLate() {
  const extension = vscode.extensions.getExtension(ID);
  await shown('values.yaml');
  await shown('data.toon');
  await until('the extension is active', () => extension.isActive);
  const registered = async () => (await vscode.commands.getCommands(true)).includes('nectarc.server.prove');
  assert.equal(await registered(), false, 'no server runs for other files');
  await shown('broken.toon');
  await until('the server runs', registered);
  assert.deepEqual(found(at('values.yaml')), []);
  assert.deepEqual(found(at('data.toon')), []);
}

async function languages() {
  assert.equal((await shown('policy.toon')).languageId, 'toon');
  const document = await shown('policy.toon');
  assert.equal(vscode.workspace.getConfiguration('editor', { languageId: 'toon', uri: document.uri }).get('tabSize'), 2);
}

async function diagnostics() {
  const document = await shown('broken.toon');
  await until('the mistake is found', () => codes(document.uri).includes('NEC220'));
  const [mistake] = found(document.uri).filter((one) => (one.code?.value ?? one.code) === 'NEC220');
  assert.equal(document.getText(mistake.range), 'kep');
  assert.equal(mistake.severity, vscode.DiagnosticSeverity.Error);
  assert.equal(mistake.source, 'nectarc');
  assert.match(String(mistake.code.target), /NEC220/, 'the code is a link');
  await replace(document, ',kep,', ',keep,');
  await until('it goes', () => !codes(document.uri).includes('NEC220'));
  await vscode.commands.executeCommand('undo');
  await until('it comes again', () => codes(document.uri).includes('NEC220'));
}

async function manifests() {
  const document = await shown('nectar.toml');
  await replace(document, '[corpus]', '[corpse]');
  await until('a wrong table is told', () => found(document.uri).length > 0);
  await vscode.commands.executeCommand('undo');
  await until('it goes', () => found(document.uri).length === 0);
}

/** Columns beyond the first plane: UTF-16 units on both sides. */
async function astral() {
  const document = await shown('astral.toon');
  await until('the mistake is found', () => codes(document.uri).includes('NEC220'));
  const [mistake] = found(document.uri).filter((one) => (one.code?.value ?? one.code) === 'NEC220');
  assert.equal(document.getText(mistake.range), 'kep');
}

async function fixes() {
  const document = await shown('broken.toon');
  await until('the mistake is found', () => codes(document.uri).includes('NEC220'));
  const { range } = found(document.uri).find((one) => (one.code?.value ?? one.code) === 'NEC220');
  const actions = await vscode.commands.executeCommand('vscode.executeCodeActionProvider', document.uri, range);
  assert.ok(actions.some((one) => one.title.includes('`keep`')), JSON.stringify(actions.map((one) => one.title)));
}

async function hover() {
  const document = await shown('policy.toon');
  const position = document.positionAt(document.getText().indexOf('http.status') + 2);
  const hovers = await until('a hover', async () => {
    const all = await vscode.commands.executeCommand('vscode.executeHoverProvider', document.uri, position);
    return all.length > 0 && all;
  });
  assert.match(hovers.flatMap((one) => one.contents).map((one) => one.value).join('\n'), /http\.response\.status_code/);
}

async function completion() {
  const document = await shown('begun.toon');
  const position = document.positionAt(document.getText().indexOf('begun,') + 'begun,'.length);
  const list = await vscode.commands.executeCommand('vscode.executeCompletionItemProvider', document.uri, position);
  const labels = list.items.map((one) => one.label.label ?? one.label);
  for (const label of ['duration', 'any']) assert.ok(labels.some((one) => one.startsWith(label)), `${label} is offered, and not only ${labels}`);
}

async function lensesAndHints() {
  const document = await shown('policy.toon');
  const lenses = await until('code lenses', async () => {
    const all = await vscode.commands.executeCommand('vscode.executeCodeLensProvider', document.uri, 50);
    return all.some((one) => /\d/.test(one.command?.title ?? '')) && all;
  });
  assert.ok(lenses.some((one) => one.command.command === 'nectarc.server.prove'));
  const whole = new vscode.Range(0, 0, document.lineCount, 0);
  await until('inlay hints', async () => {
    const hints = await vscode.commands.executeCommand('vscode.executeInlayHintProvider', document.uri, whole);
    return hints.some((one) => /100/.test(typeof one.label === 'string' ? one.label : one.label.map((part) => part.value).join('')));
  });
}

async function renames() {
  const document = await shown('policy.toon');
  const position = document.positionAt(document.getText().indexOf('keep-slow') + 1);
  const edit = await vscode.commands.executeCommand('vscode.executeDocumentRenameProvider', document.uri, position, 'late');
  assert.ok(edit.get(document.uri).length >= 1);
}

async function formatting() {
  const document = await shown('policy.toon');
  const edits = await vscode.commands.executeCommand('vscode.executeFormatDocumentProvider', document.uri, {});
  assert.deepEqual(edits ?? [], [], 'it is as `fmt` writes it');
}

async function settings() {
  const { inspect } = { inspect: (key) => vscode.workspace.getConfiguration('nectarc').inspect(key) };
  assert.equal(inspect('inlineCompletion.enabled').defaultValue, false);
  assert.equal(inspect('claude.shareValues').defaultValue, false);
  // What may send something away is the user's own choice: the workspace's file says true, and nobody listens.
  assert.equal(vscode.workspace.getConfiguration('nectarc').get('claude.shareValues'), false);
  assert.equal(vscode.workspace.getConfiguration('nectarc').get('inlineCompletion.enabled'), false);
  assert.equal(vscode.workspace.getConfiguration('nectarc').get('proofs.delay'), 250);
}

async function tasks() {
  const all = await vscode.tasks.fetchTasks({ type: 'nectarc' });
  assert.deepEqual(all.map((one) => one.definition.task).sort(), ['check', 'compile', 'prove', 'test']);
  const compile = all.find((one) => one.definition.task === 'compile');
  const ended = new Promise((resolve) => {
    const heard = vscode.tasks.onDidEndTaskProcess((event) => {
      if (event.execution.task.name !== compile.name) return;
      heard.dispose();
      resolve(event.exitCode);
    });
  });
  await vscode.tasks.executeTask(compile);
  assert.equal(await ended, 0);
  assert.match(fs.readFileSync(at('rules.yaml').fsPath, 'utf8'), /Name: keep-errors/);
}

async function rulesFiles() {
  const document = await shown('rules-of-others.yaml');
  await until('the trap is told', () => found(document.uri).length > 0);
  assert.ok(codes(document.uri).every((code) => /^NEC5\d\d$/.test(code)), String(codes(document.uri)));
}

async function restart() {
  const document = await shown('broken.toon');
  await vscode.commands.executeCommand('nectarc.restartServer');
  await until('the new server has found it', () => codes(document.uri).includes('NEC220'));
}

const ALL = { commands, startsLate, languages, diagnostics, manifests, astral, fixes, hover, completion, lensesAndHints, renames,
  formatting, settings, tasks, rulesFiles, restart };

exports.run = async () => {
  const report = process.env.NECTARC_API_REPORT;
  const lines = [];
  for (const [name, test] of Object.entries(ALL)) {
    try {
      await test();
      lines.push(`ok api-${name}`);
    } catch (error) {
      lines.push(`not ok api-${name}: ${String(error.message).split('\n').slice(0, 6).join(' | ')}`);
    }
    fs.writeFileSync(path.resolve(report), `${lines.join('\n')}\n`);
  }
  if (lines.some((line) => line.startsWith('not'))) throw new Error('some failed');
};

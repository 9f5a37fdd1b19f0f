// New projects, and policies from Refinery rules that are there already.

import * as vscode from 'vscode';
import { isRulesFile } from './documents.js';
import type { Presenter } from './presenter.js';

export class Projects {
  constructor(private readonly presenter: Presenter) {}

  async create(): Promise<void> {
    const example = { label: '$(beaker) The example shop', detail: 'a policy, 300 recorded traces and an incident: proofs work at once', example: true };
    const empty = { label: '$(new-folder) An empty project', detail: 'a manifest, a policy to edit, a Makefile and a CI workflow', example: false };
    const chosen = await vscode.window.showQuickPick([example, empty], { title: 'New Nectarc project', placeHolder: 'What shall be in it?' });
    if (chosen === undefined) return;
    const folder = await pickFolder('Make the Project Here');
    if (folder === undefined) return;
    const done = await this.presenter.run('nectarc.server.newProject', [folder.toString(), { example: chosen.example }], 'making the project');
    if (done !== undefined && done.files.length > 0) await offerFolder(folder);
  }

  async importRules(given: unknown): Promise<void> {
    const rules = given instanceof vscode.Uri ? given : await pickRules();
    if (rules === undefined) return;
    const beside = { label: '$(files) Beside the rules file', detail: 'in its folder; nothing is overwritten' };
    const other = { label: '$(folder-opened) In another folder…', detail: 'made if it is missing' };
    const chosen = await vscode.window.showQuickPick([beside, other], {
      title: `Import ${vscode.workspace.asRelativePath(rules)} as a policy`,
      placeHolder: 'Where shall the project go?',
    });
    if (chosen === undefined) return;
    const folder = chosen === other ? await pickFolder('Import Here') : null;
    if (folder === undefined) return;
    const args = [rules.toString(), folder === null ? null : folder.toString()];
    await this.presenter.run('nectarc.server.importRules', args, 'importing the rules');
  }
}

async function pickRules(): Promise<vscode.Uri | undefined> {
  const active = vscode.window.activeTextEditor?.document;
  if (active !== undefined && active.uri.scheme === 'file' && isRulesFile(active)) return active.uri;
  const chosen = await vscode.window.showOpenDialog({
    title: 'Refinery rules',
    openLabel: 'Import',
    filters: { 'Refinery rules': ['yaml', 'yml', 'json', 'toml'] },
  });
  return chosen?.[0];
}

async function pickFolder(label: string): Promise<vscode.Uri | undefined> {
  const start = vscode.workspace.workspaceFolders?.[0]?.uri;
  const chosen = await vscode.window.showOpenDialog({
    canSelectFolders: true,
    canSelectFiles: false,
    openLabel: label,
    title: label,
    ...(start === undefined ? {} : { defaultUri: start }),
  });
  return chosen?.[0];
}

/** A project outside the workspace is opened, if its maker likes. */
async function offerFolder(folder: vscode.Uri): Promise<void> {
  if (vscode.workspace.getWorkspaceFolder(folder) !== undefined) return;
  const open = 'Open Folder';
  const chosen = await vscode.window.showInformationMessage(`The project is in \`${folder.fsPath}\`.`, open);
  if (chosen === open) void vscode.commands.executeCommand('vscode.openFolder', folder);
}


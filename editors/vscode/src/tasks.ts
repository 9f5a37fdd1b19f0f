// Tasks of the command line tool: check, prove, test, compile.

import * as vscode from 'vscode';
import type { Service } from './service.js';

const TYPE = 'nectarc';
const KINDS = ['check', 'prove', 'test', 'compile'] as const;
type Kind = (typeof KINDS)[number];
const MANIFESTS_MAX = 50;

interface Definition extends vscode.TaskDefinition {
  readonly task: Kind;
  readonly file?: string;
}

export class Tasks implements vscode.TaskProvider, vscode.Disposable {
  private readonly registered = vscode.tasks.registerTaskProvider(TYPE, this);

  constructor(private readonly service: Service) {}

  async provideTasks(): Promise<vscode.Task[]> {
    const made: vscode.Task[] = [];
    for (const folder of vscode.workspace.workspaceFolders ?? []) {
      if (folder.uri.scheme !== 'file' || !(await hasPolicy(folder))) continue;
      for (const task of KINDS) {
        const one = await this.make({ type: TYPE, task }, folder);
        if (one !== undefined) made.push(one);
      }
    }
    return made;
  }

  async resolveTask(task: vscode.Task): Promise<vscode.Task | undefined> {
    const definition = task.definition as Definition;
    const folder =
      task.scope !== undefined && typeof task.scope === 'object' ? task.scope : vscode.workspace.workspaceFolders?.[0];
    if (folder === undefined || !KINDS.includes(definition.task)) return undefined;
    return this.make(definition, folder);
  }

  private async make(definition: Definition, folder: vscode.WorkspaceFolder): Promise<vscode.Task | undefined> {
    await this.service.ensure();
    const [program, ...args] = this.service.server?.cli ?? [];
    if (program === undefined) return undefined;
    const words = [...args, definition.task, ...(definition.file === undefined ? [] : [definition.file])];
    const name = definition.file === undefined ? definition.task : `${definition.task} ${definition.file}`;
    const execution = new vscode.ProcessExecution(program, words, { cwd: folder.uri.fsPath });
    // What `check` finds the server has told already, of closed policies, too: a second time would be noise.
    const matchers = definition.task === 'prove' ? ['$nectarc'] : [];
    const task = new vscode.Task(definition, folder, name, 'nectarc', execution, matchers);
    task.group = definition.task === 'test' ? vscode.TaskGroup.Test : vscode.TaskGroup.Build;
    task.presentationOptions = { clear: true, reveal: vscode.TaskRevealKind.Always };
    return task;
  }

  dispose(): void {
    this.registered.dispose();
  }
}

async function hasPolicy(folder: vscode.WorkspaceFolder): Promise<boolean> {
  const pattern = new vscode.RelativePattern(folder, '{nectar.toml,policy.toon}');
  return (await vscode.workspace.findFiles(pattern, undefined, MANIFESTS_MAX)).length > 0;
}

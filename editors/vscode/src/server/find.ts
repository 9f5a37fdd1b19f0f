// Finds the language server on this machine: the settings, the Python extension, the workspace, PATH.

import * as fs from 'node:fs';
import * as os from 'node:os';
import * as vscode from 'vscode';
import { candidates, type Surroundings } from './candidates.js';
import { probe, type Refusal, runProgram, type Server } from './probe.js';
import { shown } from './version.js';

const WINDOWS = process.platform === 'win32';

export interface Found {
  readonly server: Server | undefined;
  readonly refusals: readonly Refusal[];
}

/** The first place with a server that works; `refusals` says why each place before it is none. */
export async function findServer(log: (line: string) => void): Promise<Found> {
  const refusals: Refusal[] = [];
  const around = await surroundings();
  for (const candidate of candidates(around)) {
    const answer = await probe(
      candidate,
      (words) => runProgram(words, around.folders[0]),
      around.exists,
      WINDOWS,
    );
    if ('version' in answer && !('why' in answer)) {
      log(`nectarc ${shown(answer.version)} from ${answer.from}: ${[answer.command, ...answer.args].join(' ')}`);
      return { server: answer, refusals };
    }
    refusals.push(answer as Refusal);
  }
  return { server: undefined, refusals };
}

async function surroundings(): Promise<Surroundings> {
  const folders = (vscode.workspace.workspaceFolders ?? [])
    .filter((one) => one.uri.scheme === 'file')
    .map((one) => one.uri.fsPath);
  const settings = vscode.workspace.getConfiguration('nectarc');
  return {
    command: settings.get<string[]>('server.command', []),
    interpreter: settings.get<string>('interpreter', ''),
    python: await chosenPython(),
    folders,
    home: os.homedir(),
    path: process.env['PATH'] ?? process.env['Path'] ?? '',
    windows: WINDOWS,
    exists: isFile,
  };
}

function isFile(file: string): boolean {
  try {
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

// What we use of the Python extension's API (@vscode/python-extension).
interface PythonApi {
  readonly environments: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { readonly path: string };
    resolveEnvironment(
      environment: { readonly path: string },
    ): Promise<{ readonly executable: { readonly uri: vscode.Uri | undefined } } | undefined>;
    readonly onDidChangeActiveEnvironmentPath: vscode.Event<unknown>;
  };
}

async function pythonApi(): Promise<PythonApi | undefined> {
  const extension = vscode.extensions.getExtension<PythonApi>('ms-python.python');
  if (extension === undefined) return undefined;
  try {
    return await extension.activate();
  } catch {
    return undefined; // its trouble is not ours: the other places are asked
  }
}

async function chosenPython(): Promise<string | undefined> {
  const environments = (await pythonApi())?.environments;
  if (environments === undefined) return undefined;
  try {
    const active = environments.getActiveEnvironmentPath(vscode.workspace.workspaceFolders?.[0]?.uri);
    return (await environments.resolveEnvironment(active))?.executable.uri?.fsPath;
  } catch {
    return undefined;
  }
}

/** Calls `changed` when another interpreter is chosen in the Python extension. */
export async function watchPython(changed: () => void): Promise<vscode.Disposable | undefined> {
  return (await pythonApi())?.environments.onDidChangeActiveEnvironmentPath(changed);
}

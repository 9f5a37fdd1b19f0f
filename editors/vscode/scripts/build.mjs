// Bundles the extension into dist/extension.js, and writes the licences of what is in it. Same sources, same bytes.
import { build } from 'esbuild';
import fs from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: ['src/extension.ts'],
  outfile: 'dist/extension.js',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  external: ['vscode'],
  minify: true,
  metafile: true,
  legalComments: 'none',
  logLevel: 'warning',
});

const folders = new Set();
for (const input of Object.keys(metafile.inputs)) {
  const inside = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
  if (inside) folders.add(inside[1]);
}
const notices = [...folders].sort().map((folder) => {
  const about = JSON.parse(fs.readFileSync(path.join(root, folder, 'package.json'), 'utf8'));
  const file = fs.readdirSync(path.join(root, folder)).find((name) => /^licen[cs]e/i.test(name));
  if (file === undefined) throw new Error(`${about.name} has no licence file`);
  const licence = fs.readFileSync(path.join(root, folder, file), 'utf8').replaceAll('\r\n', '\n').trim();
  return `${about.name} ${about.version} (${about.license})\n\n${licence}\n`;
});
const rule = `\n${'-'.repeat(80)}\n\n`;
fs.writeFileSync(
  path.join(root, 'THIRD-PARTY-NOTICES.txt'),
  ['The extension contains these packages.\n', ...notices].join(rule),
);

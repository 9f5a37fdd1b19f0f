// The TextMate grammar on real policies. node grammar.mjs TOKENS < text  prints JSON: lines of [text, scopes].
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);
const oniguruma = require('vscode-oniguruma');
const textmate = require('vscode-textmate');

const root = path.resolve(import.meta.dirname, '../../..');
const file = path.join(root, 'editors/vscode/syntaxes/toon.tmLanguage.json');

export async function loadGrammar() {
  const wasm = fs.readFileSync(path.join(path.dirname(require.resolve('vscode-oniguruma')), 'onig.wasm'));
  await oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async () => textmate.parseRawGrammar(fs.readFileSync(file, 'utf8'), file),
  });
  return registry.loadGrammar('source.toon');
}

/** For each line its tokens: the text and the innermost scope, without `.toon`. */
export function tokensOf(grammar, text) {
  let stack = textmate.INITIAL;
  return text.split('\n').map((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, stack);
    stack = ruleStack;
    return tokens
      .map((one) => [line.slice(one.startIndex, one.endIndex), one.scopes.at(-1).replace(/\.toon$/, ''), one.scopes])
      .filter(([part]) => part.trim() !== '');
  });
}

if (process.argv[1] === import.meta.filename) {
  const grammar = await loadGrammar();
  const texts = JSON.parse(fs.readFileSync(0, 'utf8'));
  process.stdout.write(JSON.stringify(texts.map((text) => tokensOf(grammar, text))));
}

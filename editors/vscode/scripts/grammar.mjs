// Writes syntaxes/toon.tmLanguage.json: TOON, and what Nectar writes into it. What a policy says is coloured before
// any server answers; the server's semantic tokens refine it. `node scripts/grammar.mjs` after a change here.
import fs from 'node:fs';

const CELL = { ',': String.raw`(?:"(?:[^"\\]|\\.)*"|[^,"][^,]*|)`, '|': String.raw`(?:"(?:[^"\\]|\\.)*"|[^|"][^|]*|)`, '\t': String.raw`(?:"(?:[^"\\]|\\.)*"|[^\t"][^\t]*|)` };
const WRITTEN = { ',': ',', '|': String.raw`\|`, '\t': String.raw`\t` };
const KEY = String.raw`(?:[A-Za-z_][\w.]*|"(?:[^"\\]|\\.)*")`;
const SECTIONS = 'rules|fields|invariants|tests|spans|nectar_policy|version|name|budget_per_second';

const include = (...names) => names.map((name) => ({ include: `#${name}` }));
const scope = (name) => ({ name: `${name}.toon` });
const cell = (...names) => ({ patterns: include(...names) });

// What a column holds. A cell in quotes begins with them, right behind a delimiter.
const columns = (delimiter) => {
  const behind = `(?<=${WRITTEN[delimiter]}|${WRITTEN[delimiter]}\\s)`;
  return {
    name: { name: 'entity.name.function.rule.toon' },
    description: { name: 'string.unquoted.description.toon' },
    match: { patterns: [quoted('match', behind), ...include('match')] },
    action: { patterns: [quoted('action', behind), ...include('action')] },
    priority: cell('number'),
    type: { name: 'support.type.toon' },
    from: cell('quoted', 'field'),
    when: { patterns: [quoted('match', behind), ...include('match')] },
    require: cell('require'),
    expect: { name: 'entity.name.function.rule.toon' },
  };
};

/** A text in TOON's quotes that holds a match or an action. */
function quoted(what, behind) {
  return {
    match: String.raw`${behind}(")((?:[^"\\]|\\.)*)(")`,
    captures: {
      1: scope('punctuation.definition.string.begin'),
      2: { name: `meta.embedded.${what}.toon`, patterns: include(what) },
      3: scope('punctuation.definition.string.end'),
    },
  };
}

// The tables as people and `nectarc fmt` write them; rows of any other order are read by the look of their cells.
const TABLES = [
  ['rules', ['name', 'description', 'match', 'action', 'priority']],
  ['rules', ['name', 'match', 'action', 'priority']],
  ['rules', ['name', 'match', 'action', 'priority', 'description']],
  ['fields', ['name', 'type', 'from']],
  ['invariants', ['name', 'when', 'require']],
];

function table(section, names, delimiter) {
  const between = WRITTEN[delimiter];
  const mark = delimiter === ',' ? '' : between;
  const heading = names.map((column) => `\\s*${column}\\s*`).join(between);
  const row = names.map(() => `\\s*(${CELL[delimiter]})\\s*`).join(`(${between})`);
  const captures = {};
  const holds = columns(delimiter);
  names.forEach((column, at) => {
    captures[2 * at + 1] = holds[column];
    if (at > 0) captures[2 * at] = scope('punctuation.separator.cell');
  });
  return {
    begin: `^(\\s*)(${section})(\\[\\d+${mark}\\])(\\{)(${heading})(\\})(:)\\s*$`,
    beginCaptures: {
      2: scope('keyword.control.section'),
      3: cell('size'),
      4: scope('punctuation.definition.columns.begin'),
      5: cell('columns'),
      6: scope('punctuation.definition.columns.end'),
      7: scope('punctuation.separator.key-value'),
    },
    while: '^(?=\\1\\s+\\S|\\s*$)',
    name: `meta.table.${section}.toon`,
    patterns: [...include('comment'), { match: `^${row}$`, captures }, ...include('loose-row')],
  };
}

const header = {
  begin: `^(\\s*)(-\\s+)?(?:(${SECTIONS})|(${KEY}))?(\\[#?\\d+:?[|\\t]?\\])?(\\{)([^{}]*)(\\})(:)\\s*$`,
  beginCaptures: {
    2: scope('punctuation.definition.list'),
    3: scope('keyword.control.section'),
    4: scope('entity.name.tag'),
    5: cell('size'),
    6: scope('punctuation.definition.columns.begin'),
    7: cell('columns'),
    8: scope('punctuation.definition.columns.end'),
    9: scope('punctuation.separator.key-value'),
  },
  while: '^(?=\\1\\s+\\S|\\s*$)',
  patterns: include('comment', 'tables', 'header', 'match-pair', 'action-pair', 'words-pair', 'pair', 'loose-row'),
};

const pair = (keys, name, ...value) => ({
  match: `^(\\s*)(-\\s+)?(${keys})(\\[\\d+[|\\t]?\\])?(:)(?:\\s+(.*))?$`,
  captures: {
    2: scope('punctuation.definition.list'),
    3: scope(name),
    4: cell('size'),
    5: scope('punctuation.separator.key-value'),
    6: cell(...value),
  },
});

// A cell's edges, whatever the delimiter.
const FROM = String.raw`(?<=^|[,|\t]|^\s+|[,|\t]\s)`;
const UPTO = String.raw`(?=\s*(?:[,|\t]|$))`;
const ACTIONS = 'deterministic|dynamic|ema_dynamic|ema_throughput|windowed_throughput|total_throughput|sample';

const grammar = {
  $schema: 'https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json',
  name: 'TOON',
  scopeName: 'source.toon',
  fileTypes: ['toon'],
  patterns: include('comment', 'tables', 'header', 'match-pair', 'action-pair', 'words-pair', 'pair', 'list-item', 'loose-row'),
  repository: {
    comment: { match: String.raw`^\s*(#).*$`, name: 'comment.line.number-sign.toon', captures: { 1: scope('punctuation.definition.comment') } },
    tables: { patterns: TABLES.flatMap(([section, columns]) => [',', '|', '\t'].map((one) => table(section, columns, one))) },
    header,
    size: {
      patterns: [
        { match: String.raw`[\[\]]`, ...scope('punctuation.definition.size') },
        { match: String.raw`\d+`, ...scope('constant.numeric.size') },
        { match: String.raw`[|\t:#]`, ...scope('punctuation.separator.delimiter') },
      ],
    },
    columns: {
      patterns: [
        { match: String.raw`"(?:[^"\\]|\\.)*"|[^,|\t{}"]+`, ...scope('variable.parameter.column') },
        { match: String.raw`[,|\t]`, ...scope('punctuation.separator.cell') },
      ],
    },
    'match-pair': pair('match|when|critical|error', 'entity.name.tag', 'quoted-match', 'match'),
    'action-pair': pair('action|require', 'entity.name.tag', 'quoted-action', 'action', 'require'),
    'words-pair': pair('name|description|expect', 'entity.name.tag', 'quoted', 'text'),
    pair: {
      patterns: [
        pair(SECTIONS, 'keyword.control.section', 'quoted', 'value', 'text'),
        pair(KEY, 'entity.name.tag', 'quoted', 'value', 'text'),
      ],
    },
    'list-item': {
      match: String.raw`^(\s*)(-)\s+(.*)$`,
      captures: { 2: scope('punctuation.definition.list'), 3: cell('quoted', 'value', 'text') },
    },
    // A row whose columns we do not know: each cell by what it looks like.
    'loose-row': {
      patterns: [
        ...include('quoted-loose'),
        { match: `${FROM}(?:keep|drop|(?:${ACTIONS})\\([^()]*\\))${UPTO}`, captures: { 0: cell('action') } },
        { match: `${FROM}(?:true|false|null)${UPTO}`, ...scope('constant.language') },
        { match: `${FROM}-?\\d+(?:\\.\\d+)?(?:[eE][-+]?\\d+)?${UPTO}`, ...scope('constant.numeric') },
        {
          match: `${FROM}[^,|\\t"]*?(?:[<>=!]=|[<>]|\\b(?:any|all|none|exists)\\(|\\s(?:contains|starts_with|ends_with|matches)\\s|&&)[^,|\\t"]*${UPTO}`,
          captures: { 0: cell('match') },
        },
        { match: String.raw`[,|\t]`, ...scope('punctuation.separator.cell') },
        ...include('text'),
      ],
    },
    'quoted-loose': {
      patterns: [
        {
          match: String.raw`(")((?:[^"\\]|\\.)*?(?:[<>=!]=|[<>]|&&|\|\||\bin\s*\[|\b(?:any|all|none|exists)\()(?:[^"\\]|\\.)*)(")`,
          captures: {
            1: scope('punctuation.definition.string.begin'),
            2: { name: 'meta.embedded.match.toon', patterns: include('match') },
            3: scope('punctuation.definition.string.end'),
          },
        },
        ...include('quoted-action', 'quoted'),
      ],
    },
    quoted: {
      begin: '"',
      end: '"|$',
      name: 'string.quoted.double.toon',
      patterns: [
        { match: String.raw`\\(?:[\\"nrt]|u[0-9A-Fa-f]{4})`, ...scope('constant.character.escape') },
        { match: String.raw`\\.`, ...scope('invalid.illegal.escape') },
      ],
    },
    value: {
      patterns: [
        { match: String.raw`(?<=^|\s|,)(?:true|false|null)(?=\s*(?:,|$))`, ...scope('constant.language') },
        { match: String.raw`(?<=^|\s|,)-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?(?=\s*(?:,|$))`, ...scope('constant.numeric') },
      ],
    },
    text: { match: String.raw`[^\s,|"][^,|"]*`, ...scope('string.unquoted') },
    number: { match: String.raw`-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?`, ...scope('constant.numeric') },
    // ---- match expressions
    'quoted-match': quoted('match', '(?<=:\\s)'),
    match: {
      patterns: [
        { match: String.raw`'[^']*'`, ...scope('string.quoted.single') },
        { match: String.raw`\\"(?:[^"\\]|\\[^"])*\\"`, ...scope('string.quoted.double') },
        { match: '"(?:[^"\\\\]|\\\\.)*"', ...scope('string.quoted.double') },
        ...include('field-quoted'),
        { match: String.raw`\b(?:(?:\d+(?:\.\d+)?)(?:ns|us|ms|s|m|h))+\b`, captures: { 0: cell('duration') } },
        { match: String.raw`(?<![\w.])-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?\b`, ...scope('constant.numeric') },
        { match: String.raw`\b(?:any|all|none|exists)(?=\s*\()`, ...scope('support.function.quantifier') },
        { match: String.raw`(?<![\w.])(?:not\s+in|not\s+contains|in|contains|starts_with|ends_with|matches)(?![\w.])`, ...scope('keyword.operator.word') },
        { match: String.raw`(?<![\w.])(?:has_root|is_root|span_count)(?![\w.])`, ...scope('variable.language') },
        { match: String.raw`(?<![\w.])root(?=\.)`, ...scope('variable.language.root') },
        { match: String.raw`(?<![\w.])(?:true|false)(?![\w.])`, ...scope('constant.language') },
        { match: String.raw`==|!=|<=|>=|<|>`, ...scope('keyword.operator.comparison') },
        { match: String.raw`&&|\|\||!`, ...scope('keyword.operator.logical') },
        { match: String.raw`[()]`, ...scope('punctuation.section.parens') },
        { match: String.raw`[\[\]]`, ...scope('punctuation.section.brackets') },
        { match: ',', ...scope('punctuation.separator.list') },
        ...include('field'),
      ],
    },
    duration: {
      patterns: [
        { match: String.raw`\d+(?:\.\d+)?`, ...scope('constant.numeric.duration') },
        { match: 'ns|us|ms|s|m|h', ...scope('keyword.other.unit') },
      ],
    },
    'field-quoted': { match: '`[^`]*`', ...scope('variable.other.field.quoted') },
    field: { patterns: [...include('field-quoted'), { match: String.raw`[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*`, ...scope('variable.other.field') }] },
    // ---- actions
    'quoted-action': quoted('action', '(?<=:\\s|[,|\\t]|[,|\\t]\\s)'),
    action: {
      patterns: [
        { match: String.raw`(?<![\w.])(?:keep|drop)(?![\w.(])`, ...scope('support.function.action') },
        { match: `\\b(?:${ACTIONS})(?=\\()`, ...scope('support.function.action') },
        { match: String.raw`\b([a-z_]+)(:)`, captures: { 1: scope('variable.parameter'), 2: scope('punctuation.separator.key-value') } },
        { match: String.raw`\b(?:(?:\d+(?:\.\d+)?)(?:ns|us|ms|s|m|h))+\b`, captures: { 0: cell('duration') } },
        { match: String.raw`\d+(?:\.\d+)?(?:[eE][-+]?\d+)?`, ...scope('constant.numeric') },
        { match: '/', ...scope('keyword.operator.arithmetic') },
        { match: String.raw`\b(?:true|false)\b`, ...scope('constant.language') },
        { match: String.raw`'[^']*'`, ...scope('string.quoted.single') },
        { match: String.raw`[()\[\],]`, ...scope('punctuation.section') },
        ...include('field'),
      ],
    },
    require: {
      patterns: [
        { match: String.raw`\b(?:keep|drop)\b`, ...scope('support.function.action') },
        { match: String.raw`\bnot\b`, ...scope('keyword.operator.logical') },
        { match: String.raw`\bshare\b`, ...scope('variable.language') },
        { match: '<=|>=', ...scope('keyword.operator.comparison') },
        ...include('number'),
      ],
    },
  },
};

export const text = `${JSON.stringify(grammar, null, 1)}\n`;
if (process.argv[1] === import.meta.filename) {
  fs.writeFileSync(new URL('../syntaxes/toon.tmLanguage.json', import.meta.url), text);
}

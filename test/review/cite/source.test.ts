// What of a C file citations and rules see, on a made-up driver.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { digest, statementsOf } from '../../../src/review/cite/digest.ts';
import { lex } from '../../../src/review/cite/lexer.ts';
import { parseSource } from '../../../src/review/cite/source.ts';
import { root } from '../../support/root.ts';

const text = readFileSync(join(root, 'test/fixtures/source/first/drivers/lamp.c'), 'utf8');
const lamp = parseSource(text);
const lineOf = (part: string) => text.slice(0, text.indexOf(part)).split('\n').length;
const texts = (source: string) => lex(source).tokens.map(token => token.text);
const names = (source: string) => parseSource(source).definitions.map(({ kind, name }) => `${kind} ${name}`);

const lexer = suite('tokens');

lexer('comments and white space lie between tokens', () => {
  assert.equal(texts('a/* b */+c // d\n->e'), ['a', '+', 'c', '->', 'e']);
  assert.equal(
    lex('x /* a\n b */ y // c').comments.map(({ line, last }) => [line, last]),
    [
      [1, 2],
      [2, 2],
    ],
  );
});

lexer('a string is one token, whatever is in it', () => {
  assert.equal(texts(`f("a \\" /* { ", '"', '\\'');`), ['f', '(', `"a \\" /* { "`, ',', `'"'`, ',', `'\\''`, ')', ';']);
});

lexer('an apostrophe that opens nothing ends with its line', () => {
  assert.equal(texts("don't\n{ x"), ['don', "'t", '{', 'x']);
});

lexer('a directive reaches over line splices and ends with its line', () => {
  const tokens = lex('x\n#define A \\\r\n b\n y').tokens;
  assert.equal(
    tokens.map(t => [t.text, t.line, t.directive]),
    [
      ['x', 1, 0],
      ['#', 2, 2],
      ['define', 2, 2],
      ['A', 2, 2],
      ['b', 3, 2],
      ['y', 4, 0],
    ],
  );
});

lexer('operators and numbers', () => {
  assert.equal(texts('a<<=1.5e-3+0x1f->b...'), ['a', '<<=', '1.5e-3', '+', '0x1f', '->', 'b', '...']);
});

const definitions = suite('definitions');

definitions('functions, macros and types are found with their extents', () => {
  assert.equal(
    lamp.definitions.map(({ kind, name, line }) => `${kind} ${name} ${line}`),
    [
      `macro LAMP_MAX ${lineOf('#define LAMP_MAX')}`,
      `macro LAMP_WITH_LOCK ${lineOf('#define LAMP_WITH_LOCK')}`,
      `type lamp ${lineOf('struct lamp {')}`,
      `function lamp_on ${lineOf('lamp_on(struct lamp *lamp,')}`,
      `function lamp_off ${lineOf('lamp_off(struct lamp *lamp) __')}`,
      `function lamp_dim ${lineOf('int lamp_dim')}`,
      `function lamp_drop ${lineOf('static void lamp_drop')}`,
    ],
  );
  const last = (name: string) => lamp.definitions.find(d => d.name === name)?.last;
  assert.is(last('LAMP_WITH_LOCK'), lineOf('} while (0)'));
  assert.is(last('lamp_on'), lineOf('LAMP_EXPORT') - 2);
  assert.is(last('lamp_dim'), lineOf('/* The caller') - 2);
});

definitions('neither prototypes, calls, initialisers nor dead code define anything', () => {
  assert.equal(names('int f(void);\nint x = g(1);\nstruct s t = { .f = f };\nint a[] = { 1 };'), []);
  assert.equal(names('#if 0\nint f(void) {\n#endif\nint g(void) { }'), ['function g']);
  assert.equal(names('#if 0\nint f(void) {\n#else\nint h(void) {\n#endif\n}'), ['function h']);
  assert.equal(names('#ifdef __cplusplus\nextern "C" {\n#endif\nint f(void) { }\n#ifdef __cplusplus\n}\n#endif\n'), [
    'function f',
  ]);
});

definitions('a dead branch within another conditional does not disturb it', () => {
  assert.equal(names('#ifdef A\n#if 0\n}\n#endif\nint f(void) {\n#else\nint f(int a) {\n#endif\n}\nint g(void) { }'), [
    'function f',
    'function g',
  ]);
});

definitions('attributes and export macros around a name do not hide it', () => {
  assert.equal(names('EXPORT(f)\nstatic int f(void) __attribute__((cold)) { }'), ['function f']);
  assert.equal(names('__attribute__((cold)) int f(void) { }'), ['function f']);
  assert.equal(names('int f(void) __cold("x") { }'), ['function f']);
  assert.equal(names('struct __aligned(16) s { int a; };\nenum { A } e;'), ['type s']);
});

definitions('line ends do not matter', () => {
  const crlf = parseSource(text.replaceAll('\n', '\r\n'));
  assert.equal(
    crlf.definitions.map(d => [d.name, d.line, d.last, digest(d.tokens)]),
    lamp.definitions.map(d => [d.name, d.line, d.last, digest(d.tokens)]),
  );
});

const digests = suite('digests');

digests('see neither comments nor layout, but every token', () => {
  const of = (source: string) => digest(lex(source).tokens);
  assert.is(of('a = b; // c'), of('a\n  =b ;/* d */'));
  assert.is.not(of('a = b;'), of('a = c;'));
  assert.is.not(of('a b'), of('ab'));
  assert.match(of('a'), /^[0-9a-f]{16}$/);
});

digests('statements end at semicolons and braces, but not within parentheses', () => {
  const statements = statementsOf(lex('if (a) { for (i = 0; i < n; i++) b(c); }\n#if X\nd;').tokens);
  assert.equal(
    statements.map(tokens => tokens.map(token => token.text).join(' ')),
    ['if ( a ) {', 'for ( i = 0 ; i < n ; i ++ ) b ( c ) ;', '}', '# if X', 'd ;'],
  );
});

lexer.run();
definitions.run();
digests.run();

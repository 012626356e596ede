// Where citations lead, in a made-up driver.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { resolve } from '../../../src/review/index.ts';
import { citing } from '../../../src/spec/index.ts';
import { lampText, lampTree, lineIn, treeOf } from './support.ts';

const lamp = citing('drivers/lamp.c');
const [first, second] = [lampTree('first'), lampTree('second')];
const text = lampText('first');

const places = suite('resolve');

places('of several occurrences the one nearest to the cited line is meant', () => {
  const [early, late] = [lineIn(text, 'lamp_unlock(lamp);'), lineIn(text, 'lamp_unlock(lamp);', 1)];
  assert.ok(early < late);
  assert.is(resolve(lamp('lamp_on', 'lamp_unlock', early), first).place?.line, early);
  assert.is(resolve(lamp('lamp_on', 'lamp_unlock', late), first).place?.line, late);
  assert.is(resolve(lamp('lamp_on', 'lamp_unlock', late + 30), first).place?.line, late);
  assert.is(resolve(lamp('lamp_on', 'lamp_unlock'), first).place?.line, early);
});

places('neither strings, comments, prototypes nor dead code count', () => {
  assert.is(resolve(lamp('lamp_on', 'lit'), first).place?.line, lineIn(text, 'lamp->lit = true', 1));
  assert.is(
    resolve(lamp('lamp_on', 'lamp_off'), first).why,
    `'lamp_off' does not occur in lamp_on; 'lamp_off' occurs in lamp_off (${lineIn(text, 'lamp_off(struct')}), lamp_dim (${lineIn(text, 'int lamp_dim')})`,
  );
});

places('macros and types are cited like functions', () => {
  assert.is(resolve(lamp('LAMP_WITH_LOCK', '_call'), first).place?.line, lineIn(text, '_call)'));
  assert.is(resolve(lamp('lamp', 'bool lit'), first).place?.line, lineIn(text, 'bool lit'));
});

places('a place that is not there says where its identifier is', () => {
  const dim = lineIn(lampText('second'), 'lamp_fade(');
  assert.is(
    resolve(lamp('lamp_dim', 'level'), second).why,
    `there is no lamp_dim; 'level' occurs in lamp_fade (${dim})`,
  );
  assert.is(
    resolve(lamp('lamp_of', 'nothing'), first).why,
    "there is no lamp_of; did you mean 'lamp_on'?; 'nothing' occurs nowhere in the file",
  );
  assert.is(resolve(citing('drivers/fan.c')('fan_on', 'x'), first).why, 'there is no file drivers/fan.c');
});

places('a known place is found again by its statement, then by its distance from the beginning', () => {
  const before = treeOf({ 'drivers/lamp.c': 'int f(void) {\n a(x);\n b(x);\n b(x);\n}\n' });
  const after = treeOf({ 'drivers/lamp.c': '\n\nint f(void) {\n b(x);\n c(x);\n a(x);\n b(x);\n}\n' });
  const again = (line: number) => resolve(lamp('f', 'x', line), after, resolve(lamp('f', 'x', line), before).place);
  assert.is(again(2).place?.line, 6);
  assert.is(again(3).place?.line, 4);
  assert.is(again(4).place?.line, 7);
});

places('the definitions that conditional groups give a function are one', () => {
  const tree = treeOf({ 'drivers/lamp.c': '#ifdef A\nint f(void) { a(); }\n#else\nint f(void) { b(); }\n#endif\n' });
  const [a, b] = [resolve(lamp('f', 'a'), tree).place, resolve(lamp('f', 'b'), tree).place];
  assert.is(a?.line, 2);
  assert.is(b?.line, 4);
  assert.equal(a?.function, b?.function);
});

places.run();

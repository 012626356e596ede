// A few random programs.
import { suite } from 'uvu';
import { compareOutcomes, compareRaces } from './memory-random.ts';

const test = suite('primitives: release-acquire memory and the axioms of RC11');

test('the same outcomes of random programs over atomic locations', () => compareOutcomes(40, 4, 1));
test('the same data races, and without one the same outcomes', () => compareRaces(25, 2));

test.run();

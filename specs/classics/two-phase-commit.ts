import { exists, forAll, integer, Model, spec } from '../../src/spec/index.ts';

const prepared = (manager: number) => `prepared(${manager})` as const;

/**
 * Two-phase commit: a transaction manager collects the promises of all resource managers and decides. Messages are
 * never taken back, so those sent so far are one growing set.
 *
 * Source: Gray and Lamport, "Consensus on transaction commit", 2006, section 3.
 */
export default spec({
  name: 'two-phase-commit',
  about: 'resource managers agree to commit or to abort, by messages that are never lost',
  parameters: {
    managers: integer(6, { min: 1, max: 12, about: 'resource managers' }),
  },
  configurations: Object.fromEntries([3, 4, 5, 6, 7, 8].map(n => [`managers=${n}`, [{ managers: n }]])),
  defaultConfiguration: 'managers=6',
  model: ({ managers }) => {
    const m = new Model('two-phase-commit');
    const all = Array.from({ length: managers }, (_, i) => i + 1);

    const decision = m.variable<'open' | 'commit' | 'abort'>('decision', 'open');
    // The managers that the transaction manager knows to be prepared.
    const ready = m.set('ready', all);
    const sent = m.set('sent', [...all.map(prepared), 'commit', 'abort']);
    const resource = m.family<number, 'working' | 'prepared' | 'committed' | 'aborted'>(
      'manager',
      all,
      () => 'working',
    );

    const everyoneIsReady = forAll(all, r => s => s.get(ready.has(r)));
    const someCommitted = exists(all, r => s => s.get(resource(r)) === 'committed');
    const someAborted = exists(all, r => s => s.get(resource(r)) === 'aborted');
    const everyoneIsDone = forAll(all, r => s => ['committed', 'aborted'].includes(s.get(resource(r))));

    m.action('decide to commit', s => {
      return (
        s.get(decision) === 'open' && s.get(everyoneIsReady) && s.set(decision, 'commit').set(sent.has('commit'), true)
      );
    });
    m.action('decide to abort', s => {
      return s.get(decision) === 'open' && s.set(decision, 'abort').set(sent.has('abort'), true);
    });
    for (const r of all) {
      m.action(`note that ${r} is prepared`, s => {
        return s.get(decision) === 'open' && s.get(sent.has(prepared(r))) && s.set(ready.has(r), true);
      });
      m.action(`${r} prepares`, s => {
        return s.get(resource(r)) === 'working' && s.set(resource(r), 'prepared').set(sent.has(prepared(r)), true);
      });
      m.action(`${r} gives up`, s => s.get(resource(r)) === 'working' && s.set(resource(r), 'aborted'));
      m.action(`${r} commits`, s => s.get(sent.has('commit')) && s.set(resource(r), 'committed'));
      m.action(`${r} aborts`, s => s.get(sent.has('abort')) && s.set(resource(r), 'aborted'));
    }

    m.interchangeable('manager', all, r => [
      resource(r),
      ready.has(r),
      sent.has(prepared(r)),
      `note that ${r} is prepared`,
      ...['prepares', 'gives up', 'commits', 'aborts'].map(does => `${r} ${does}`),
    ]);

    m.invariant('consistent', s => !(s.get(someCommitted) && s.get(someAborted)), {
      because: 'no manager commits a transaction that another one aborts',
    });
    m.restingState(s => s.get(everyoneIsDone));
    return m;
  },
});

import { List } from 'immutable';
import { atMostOne, forAll, integer, Model, type State, spec } from '../../src/spec/index.ts';

/**
 * Leader election in a one-way ring: a node sends its number on, passes on those that are larger, and drops smaller
 * ones; whoever gets its own number back is the leader and says so.
 *
 * Source: Chang and Roberts, "An improved algorithm for decentralized extrema-finding", 1979.
 */
export default spec({
  name: 'leader-election',
  about: 'the nodes of a one-way ring agree on a leader',
  parameters: {
    nodes: integer(6, { min: 2, max: 12 }),
  },
  configurations: Object.fromEntries([2, 3, 4, 5, 6, 7, 8, 9, 10].map(n => [`nodes=${n}`, [{ nodes: n }]])),
  defaultConfiguration: 'nodes=6',
  model: ({ nodes }) => {
    const m = new Model('leader-election');
    const ring = Array.from({ length: nodes }, (_, node) => node);
    const after = (node: number) => (node + 1) % nodes;
    // The numbers fall around the ring.
    const idOf = (node: number) => nodes - node;

    const role = m.family<number, 'asleep' | 'candidate' | 'passive' | 'leader'>('role', ring, () => 'asleep');
    // The leader that a node has heard of, 0 for none.
    const known = m.family('known', ring, () => 0);
    // What is on its way to a node: the number of a candidate, or minus that of the leader.
    const channel = m.family('channel', ring, () => List<number>());

    for (const node of ring) {
      const id = idOf(node);
      const send = (s: State, message: number) => s.update(channel(after(node)), queue => queue.push(message));
      const stand = (s: State) => send(s.set(role(node), 'candidate'), id);

      m.action(`node ${node} wakes up`, s => s.get(role(node)) === 'asleep' && stand(s));

      m.action(`node ${node} receives`, s => {
        const queue = s.get(channel(node));
        const message = queue.first();
        if (message === undefined) return false;
        const received = s.set(channel(node), queue.shift());
        if (message > id) return send(received.set(role(node), 'passive'), message);
        if (message === id) return send(received.set(role(node), 'leader').set(known(node), id), -id);
        if (message > 0) return s.get(role(node)) === 'asleep' ? stand(received) : received;
        return message === -id ? received : send(received.set(known(node), -message), message);
      });
    }

    const isLeader = (node: number) => (s: State) => s.get(role(node)) === 'leader';
    const everyoneKnows = forAll(ring, node => s => s.get(known(node)) === nodes);
    m.invariant('one leader', atMostOne(ring, isLeader));
    m.invariant(
      'the greatest',
      forAll(ring, node => s => [0, nodes].includes(s.get(known(node)))),
      {
        because: 'whoever has heard of a leader has heard of the one with the greatest number',
      },
    );
    m.invariant(
      'short channels',
      forAll(ring, node => s => s.get(channel(node)).size <= nodes),
    );
    m.endState('everyone knows the leader', everyoneKnows);
    m.restingState(s => s.get(everyoneKnows));
    return m;
  },
});

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type Body,
  forever,
  type Ipc,
  ipc,
  Model,
  type Reply,
  receive,
  reply,
  request,
  type State,
  step,
} from '../../../src/spec/index.ts';
import { detailOf, judge } from '../judge.ts';

const requests = suite('primitives: IPC');

interface Options {
  readonly peers?: readonly number[];
  readonly deadline?: boolean;
  readonly answer?: (peer: number) => Reply;
  readonly messages?: readonly string[];
}

/** A primary that asks every peer, and peers that answer. */
function model(
  name: string,
  { peers = [1], deadline = false, answer = () => 'ok', messages = ['stop'] }: Options,
  change: (m: Model, mp: Ipc<number, string>) => void = () => {},
) {
  const m = new Model(name);
  const mp = ipc<string, number>(m, 'mp', peers);
  const outcome = m.variable('outcome', '');
  const note = (text: string) => (s: State) => s.update(outcome, o => o + text);
  m.thread('primary', t =>
    messages.map(
      (message, i): Body => [
        request(mp, message, t, {
          deadline,
          ok: [step(`ok ${i}`, note('+'))],
          failed: [step(`failed ${i}`, note('-'))],
        }),
      ],
    ),
  );
  for (const peer of peers) {
    m.thread(`peer${peer}`, t => {
      const message = t.local<string | null>('message', null);
      return [
        forever([
          receive(mp, peer, message),
          step('handled', s => s.set(message, null)),
          reply(mp, peer, answer(peer)),
        ]),
      ];
    });
  }
  m.endState('ok', s => /^\+*$/.test(s.get(outcome)));
  m.endState('failed', s => /^-*$/.test(s.get(outcome)));
  change(m, mp);
  return m;
}

requests('a request to two peers succeeds when both reply', async () => {
  const { violated, final } = await judge(model('two peers', { peers: [1, 2] }));
  // send, receive, handled, reply, take, the same again, ok
  assert.equal(violated, { failed: 11 });
  assert.is(final, 1);
});

requests('it fails when one replies with an error, and the others are asked all the same', async () => {
  const asked = model('error', { peers: [1, 2], answer: peer => (peer === 1 ? 'error' : 'ok') });
  assert.equal((await judge(asked)).violated, { ok: 11 });
});

requests('a peer that is not ready, or gone, does not count', async () => {
  assert.equal((await judge(model('not ready', { answer: () => 'ignore' }))).violated, { failed: 6 });
  const gone = model('gone', {}, (m, mp) => {
    m.action('vanish', s => s.get(mp.present(1)) && s.get(mp.pending(1)) === 'none' && s.set(mp.present(1), false));
  });
  const { violated } = await judge(gone, ['ok', 'failed']);
  assert.equal(violated, { failed: 3 });
});

requests('without a deadline a peer that never replies blocks the sender', async () => {
  const m = new Model('mute');
  const mp = ipc<string, number>(m, 'mp', [1]);
  m.thread('primary', t => [request(mp, 'stop', t)]);
  assert.equal((await judge(m)).violated, { 'no deadlock': 1, 'no stuck thread': 1 });
});

requests('a time-out fails the whole request: later peers are not asked', async () => {
  const m = model('late', { peers: [1, 2], deadline: true });
  const { violated } = await judge(m);
  // send, time-out, failed; then peer 1 handles the message and its reply is dropped.
  assert.equal(violated, { ok: 6, failed: 11 });
});

requests('a reply that comes after the time-out may answer the next request', async () => {
  const m = new Model('late reply');
  const mp = ipc<string, number>(m, 'mp', [1]);
  const applied = m.variable('applied', '');
  const done = m.variable('done', false);
  m.thread('primary', t => [
    request(mp, 'enter', t, { deadline: true, name: 'first' }),
    request(mp, 'exit', t, { name: 'second', ok: [step('done', s => s.set(done, true))] }),
  ]);
  m.thread('peer', t => {
    const message = t.local<string | null>('message', null);
    return [
      forever([
        receive(mp, 1, message),
        step('apply', s => s.set(applied, s.get(message) ?? '').set(message, null)),
        reply(mp, 1, 'ok'),
      ]),
    ];
  });
  m.invariant('done means applied', s => !s.get(done) || s.get(applied) === 'exit');
  // first send, receive, time-out, second send, apply, reply (to the second), taken, done
  assert.is((await judge(m, ['done means applied'])).violated['done means applied'], 8);
});

requests('two replies to one request violate', async () => {
  const m = new Model('two replies');
  const mp = ipc<string, number>(m, 'mp', [1], { property: 'P21' });
  m.thread('primary', t => [request(mp, 'stop', t)]);
  m.thread('peer', t => {
    const message = t.local<string | null>('message', null);
    return [receive(mp, 1, message), reply(mp, 1, 'ok'), reply(mp, 1, 'error')];
  });
  assert.equal((await judge(m)).violated, { P21: 4 });
  assert.is(await detailOf(m, 'P21'), 'mp: peer 1 replies twice to one request');
});

requests('where a second reply replaces the first, the sender takes the last one', async () => {
  const m = new Model('replaced');
  const mp = ipc<string, number>(m, 'mp', [1], { second: 'replaces' });
  const outcome = m.variable('outcome', '');
  m.thread('primary', t => [
    request(mp, 'stop', t, {
      ok: [step('ok', s => s.set(outcome, 'ok'))],
      failed: [step('failed', s => s.set(outcome, 'failed'))],
    }),
  ]);
  m.thread('peer', t => {
    const message = t.local<string | null>('message', null);
    return [receive(mp, 1, message), reply(mp, 1, 'ok'), reply(mp, 1, 'error')];
  });
  m.endState('always ok', s => s.get(outcome) === 'ok');
  m.endState('always failed', s => s.get(outcome) === 'failed');
  // send, receive, ok, taken, ok, and the second reply is dropped; or send, receive, ok, error, taken, failed
  assert.equal((await judge(m)).violated, { 'always ok': 6, 'always failed': 6 });
});

requests('a time-out may cost a budget, another peer may be silent for good', async () => {
  const slowly = (total: number) => {
    const m = new Model('slow');
    const mp = ipc<string, number>(m, 'mp', [1, 2]);
    const outcome = m.variable('outcome', '');
    const slow = m.budget('slow peers', total);
    m.thread('primary', t => [
      request(mp, 'stop', t, {
        deadline: (_s, peer) => peer === 2 || slow,
        ok: [step('ok', s => s.set(outcome, 'ok'))],
        failed: [step('failed', s => s.set(outcome, 'failed'))],
      }),
    ]);
    m.thread('peer', t => {
      const message = t.local<string | null>('message', null);
      return [forever([receive(mp, 1, message), step('handled', s => s.set(message, null)), reply(mp, 1, 'ok')])];
    });
    m.invariant('asks the second', s => s.get(mp.inbox(2)).isEmpty());
    m.endState('always fails', s => s.get(outcome) === 'failed');
    m.endState('peer 1 was asked', s => s.get(mp.pending(1)) === 'none' && s.get(outcome) === '');
    return m;
  };
  // Peer 2 never replies, and the deadline is for the peers together: send, receive, handled, reply, taken, send.
  assert.equal((await judge(slowly(0), ['asks the second', 'always fails'])).violated, { 'asks the second': 6 });
  // Early: send, time-out, failed; receive, handled, reply (dropped), and peer 2 is not asked.
  assert.equal((await judge(slowly(1), ['always fails', 'peer 1 was asked'])).violated, { 'peer 1 was asked': 6 });
});

requests('a request while another thread waits for the same peer fails at once', async () => {
  const m = new Model('overlap');
  const mp = ipc<string, number>(m, 'mp', [1]);
  const refused = m.variable('refused', false);
  m.thread('A', t => [request(mp, 'a', t)]);
  m.thread('B', t => [request(mp, 'b', t, { failed: [step('refused', s => s.set(refused, true))] })]);
  m.invariant('never refused', s => !s.get(refused));
  assert.equal((await judge(m, ['never refused'])).violated, { 'never refused': 3 });
});

requests.run();

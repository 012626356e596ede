import {
  assign,
  attempt,
  type Body,
  procedure,
  type State,
  step,
  type Variable,
  whenLocal,
} from '../../../src/spec/index.ts';
import { mayFail } from '../faults.ts';
import { type Message, messageOf, type Secondaries, type Secondary } from '../secondaries.ts';
import { mana, mp } from '../source.ts';
import { NULL, type World } from '../state.ts';
import { isIdle } from './questions.ts';

const SM = 'mana_mp_secondary_handle';

/** The context whose descriptor a message carries, or NULL. */
export const contextOf = (w: World, message: Message): number =>
  w.contexts.find(g => messageOf('RESET_EXIT', g) === message) ?? NULL;

/** A reply arrives when the primary's one IPC thread has handled the questions before it. */
const isReached = (w: World, sec: Secondaries, s: State): boolean =>
  sec.processes.every(k => s.get(k.asks.inbox('MPp')).isEmpty()) && isIdle(w, s);

/** SM: what a secondary does with a request of the primary, on its IPC thread. */
export const secondaryHandle = (w: World, sec: Secondaries, k: Secondary, message: Variable<Message | null>) =>
  procedure(SM, t => {
    const result = t.local<'ok' | 'error'>('result', 'ok');
    const answerByReply = (name: string, line: number): Body =>
      mayFail(
        w,
        'reply-lost',
        `${name} is lost`,
        [],
        [step(name, s => isReached(w, sec, s) && sec.mp.reply(s, k.name, s.get(result)), mp(SM, 'rte_mp_reply', line))],
        mp(SM, 'rte_mp_reply', line),
      );
    // The primary waits for the number of its last message, so it takes this result if no other message has come since.
    const enterInTable = (name: string, line: number): Body => [
      step(
        name.replace('reply', 'enter number and result'),
        s => (s.get(sec.mp.inbox(k.name)).isEmpty() ? sec.mp.reply(s, k.name, s.get(result)) : s),
        mp(SM, 'rte_mp_reply', line),
      ),
    ];
    const answer = w.sw.answers === 'table' ? enterInTable : answerByReply;
    const on = (type: Message, body: Body) => whenLocal((s: State) => s.get(message) === type, body);
    const closeFd = step('SM5 close descriptor', s => s.update(k.fds, n => n - 1), mp(SM, 'close', 235));
    const map = mayFail(
      w,
      'map',
      'SM5 map fails',
      [assign(result, 'error')],
      [
        step(
          'SM5 map page',
          s => {
            const g = contextOf(w, s.get(message) as Message);
            return s.set(k.page, g).set(k.dbPage, g);
          },
          mana('mana_map_doorbell_secondary', 'mmap', 2021),
        ),
      ],
      mana('mana_map_doorbell_secondary', 'MAP_FAILED', 2022),
    );
    const unmapped = (s: State) => s.get(k.dbPage) === NULL && s;
    const isKnown = (s: State) =>
      s.get(k.older) === 0 &&
      (w.sw.counting === 'first'
        ? s.get(k.counted)
        : ['attached', 'leaving', 'without action'].includes(s.get(k.stage)));
    // A message for a port that the process has not, or older than its place in the table.
    const stray = (s: State) => {
      const seen = s.update(k.older, n => (n > 0 ? n - 1 : n));
      return w.sw.closeStray && contextOf(w, s.get(message) as Message) !== NULL
        ? seen.update(k.fds, n => n - 1)
        : seen;
    };
    return [
      // Otherwise nobody answers; in the merged revision a descriptor that came with the message stays open.
      attempt(
        'SM1 port valid?',
        s => isKnown(s) && s,
        [
          on('STOP_RXTX', [
            step('SM2 fp_ops := removed', s => s.set(k.fpOps, 'removed'), mp(SM, 'mana_rx_burst_removed', 182)),
            answer('SM2 reply', 191),
          ]),
          on('START_RXTX', [
            step('SM3 fp_ops := real', s => s.set(k.fpOps, 'real'), mp(SM, 'rte_eth_fp_ops', 168)),
            answer('SM3 reply', 176),
          ]),
          on('RESET_ENTER', [
            step(
              'SM4 db_page := NULL',
              s => (w.sw.staleFd === 'left' ? s.set(k.resetSeen, true) : s).set(k.dbPage, NULL),
              mp('mana_mp_reset_enter', 'db_page', 133),
            ),
            step('SM4 unmap page', s => s.set(k.page, NULL), mp('mana_mp_reset_enter', 'munmap', 136)),
            answer('SM4 reply', 198),
          ]),
          whenLocal(
            s => (s.get(message) ?? '').startsWith('RESET_EXIT'),
            [
              attempt(
                'SM5 no page yet?',
                unmapped,
                sec.fdClose === 'always' ? map : [map, closeFd],
                [],
                mp(SM, 'db_page', 207),
              ),
              sec.fdClose === 'always' ? closeFd : [],
              answer('SM5 reply', 237),
              assign(result, 'ok'),
            ],
          ),
        ],
        w.sw.closeStray || w.sw.staleMessages === 'passed over'
          ? [step('SM1 pass over', stray, mp(SM, 'ENODEV', 154))]
          : [],
        mp(SM, 'rte_eth_dev_is_valid_port', 152),
      ),
    ];
  });

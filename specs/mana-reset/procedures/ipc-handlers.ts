import {
  assign,
  attempt,
  type Body,
  procedure,
  reply,
  type State,
  step,
  type Variable,
  whenLocal,
} from '../../../src/spec/index.ts';
import { onPriv, testPriv } from '../driver.ts';
import { mayFail } from '../faults.ts';
import { type Message, messageOf, type Question, type Secondaries, type Secondary } from '../secondaries.ts';
import { mana, mp } from '../source.ts';
import { NULL, type World } from '../state.ts';

const SM = 'mana_mp_secondary_handle';
const PM = 'mana_mp_primary_handle';

/** The context whose descriptor a message carries, or NULL. */
export const contextOf = (w: World, message: Message): number =>
  w.contexts.find(g => messageOf('RESET_EXIT', g) === message) ?? NULL;

/** Whether the IPC thread of the primary, where there is one, handles no question. */
export function isIdle(w: World, s: State): boolean {
  const handler = w.m.threads.find(t => t.name === 'MPp');
  return !handler || s.resting(handler);
}

/** A reply arrives when the primary's one IPC thread has handled the questions before it. */
const isReached = (w: World, sec: Secondaries, s: State): boolean =>
  sec.processes.every(k => s.get(k.asks.inbox('MPp')).isEmpty()) && isIdle(w, s);

/** SM: what a secondary does with a request of the primary, on its IPC thread. */
export const secondaryHandle = (w: World, sec: Secondaries, k: Secondary, message: Variable<Message | null>) =>
  procedure(SM, t => {
    const result = t.local<'ok' | 'error'>('result', 'ok');
    const answer = (name: string, line: number): Body =>
      mayFail(
        w,
        'reply-lost',
        `${name} is lost`,
        [],
        [step(name, s => isReached(w, sec, s) && sec.mp.reply(s, k.name, s.get(result)), mp(SM, 'rte_mp_reply', line))],
        mp(SM, 'rte_mp_reply', line),
      );
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
    return [
      // Where the port is not valid, nobody replies, and nobody closes a descriptor that came with the message.
      attempt(
        'SM1 port valid?',
        s => ['attached', 'leaving', 'without action'].includes(s.get(k.stage)) && s,
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
            step('SM4 db_page := NULL', s => s.set(k.dbPage, NULL), mp('mana_mp_reset_enter', 'db_page', 133)),
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
        [],
        mp(SM, 'rte_eth_dev_is_valid_port', 152),
      ),
    ];
  });

/** PM: what the primary does with a request of a secondary, on its IPC thread: no lock, no look at the state. */
export const primaryHandle = (w: World, k: Secondary, question: Variable<Question | null>) =>
  procedure(PM, t => [
    testPriv(
      w,
      t,
      'PM0 port valid?',
      s => s.get(w.attached),
      [
        whenLocal(
          s => s.get(question) === 'CREATE_MR',
          [
            onPriv(
              w,
              t,
              'PM1 register memory',
              s => {
                const g = s.get(w.ibPd);
                if (g === NULL)
                  return s.violate(w.obligations.P4, `${t.name} registers memory in protection domain NULL`);
                return s.get(w.ctx(g)) === 'open'
                  ? s
                  : s.violate(w.obligations.P5, `${t.name} registers memory on context ${g}, which is closed`);
              },
              mp('mana_mp_mr_create', 'ibv_reg_mr', 29),
            ),
            reply(k.asks, 'MPp', 'ok', { name: 'PM1 reply', cite: mp(PM, 'rte_mp_reply', 106) }),
          ],
          [
            onPriv(
              w,
              t,
              'PM2 read cmd_fd, reply',
              s => {
                const g = s.get(w.ibCtx);
                if (g === NULL) return s.violate(w.obligations.P4, `${t.name} takes a descriptor of context NULL`);
                if (s.get(w.ctx(g)) === 'closed')
                  return s.violate(w.obligations.P5, `${t.name} takes a descriptor of context ${g}, which is closed`);
                // Where nobody waits any more, EAL closes the descriptor that arrives.
                const awaited = s.get(k.asks.pending('MPp')) === 'waiting';
                const sent = awaited ? s.set(k.cmdFd, g).update(k.fds, n => n + 1) : s;
                return k.asks.reply(sent, 'MPp', 'ok');
              },
              mp(PM, 'cmd_fd', 111),
            ),
          ],
        ),
      ],
      [],
      mp(PM, 'rte_eth_dev_is_valid_port', 92),
    ),
  ]);

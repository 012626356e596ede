import { attempt, type Body, procedure, request, ret, type State, step, type Thread } from '../../../src/spec/index.ts';
import { timesOut } from '../deadline.ts';
import { budgetOf, mayFail } from '../faults.ts';
import { count, end, type Secondaries, type Secondary, UNREAD } from '../secondaries.ts';
import { ealProc, ethdevDriver, mana, mp } from '../source.ts';
import { NULL, type World } from '../state.ts';
import { isIdle } from './questions.ts';

const PT = 'mana_probe_port';
const SD = 'mana_pci_remove';

/** No reply can come any more: the primary has handled the question and did not reply. */
export const isUnanswered = (w: World, k: Secondary) => (s: State) =>
  s.get(k.asks.inbox('MPp')).isEmpty() && isIdle(w, s);

/**
 * The proposal: handler and probe of a process share its place in the table and its page under a lock of the process.
 * What the probe does under it is one step, before or after all that the handler does with a message.
 */
const isOutside = (w: World, k: Secondary) => (s: State) =>
  w.sw.counting === 'last' || k.ipc.threads.every(t => s.resting(t));

/**
 * The proposal: a process takes its place in the table, then reads the number of the last message. Those that lie in
 * its socket are older; and who waits for that number has its answer, as nothing is mapped yet.
 */
const takePlace = (w: World, sec: Secondaries, k: Secondary): Body => {
  const numbered = w.sw.answers === 'table' && w.sw.staleMessages === 'passed over';
  const take = step(
    'SA1 secondary_cnt += 1',
    s => isOutside(w, k)(s) && count(sec, k, true, numbered ? s.set(k.older, UNREAD) : s),
    mana(PT, 'mana_mp_req_verbs_cmd_fd', 2194),
  );
  const read = step(
    'SA1 read number',
    s => {
      if (!isOutside(w, k)(s)) return false;
      const old = s.set(k.older, s.get(sec.mp.inbox(k.name)).size);
      return s.get(sec.mp.pending(k.name)) === 'waiting' ? sec.mp.reply(old, k.name, 'ok') : old;
    },
    mp('mana_mp_secondary_handle', 'rte_eth_dev_is_valid_port', 152),
  );
  return [take, numbered ? read : []];
};

/** SA: a secondary starts and probes the port; where that fails, the process ends. */
export const attach = (w: World, intr: () => Thread, sec: Secondaries, k: Secondary) =>
  procedure(PT, t => {
    const fail = (name: string): Body => [
      step(
        name,
        s => isUnlocked(s) && end(sec, k, count(sec, k, false, s)),
        mana('mana_pci_probe', 'mana_mp_uninit_secondary', 2501),
      ),
      ret(false),
    ];
    const isUnlocked = isOutside(w, k);
    return [
      step(
        'SA0 open socket',
        s => !s.get(sec.directory) && s.set(k.stage, 'starting').set(sec.mp.present(k.name), true),
        { rest: true, cite: ealProc('rte_mp_channel_init', 'LOCK_EX', 661) },
      ),
      step(
        'SA0 register action',
        s => s.set(k.stage, 'registered'),
        mana('mana_init_once', 'mana_mp_init_secondary', 2114),
      ),
      attempt(
        'SA1 port data found?',
        s => s.get(w.attached) && s,
        [],
        fail('SA1 probe fails'),
        ethdevDriver('rte_eth_dev_attach_secondary', 'strcmp', 185),
      ),
      w.sw.counting === 'first' ? takePlace(w, sec, k) : [],
      request(k.asks, 'VERBS_CMD_FD', t, {
        name: 'SA2',
        deadline: timesOut(w, intr, t, isUnanswered(w, k), budgetOf(w, 'attach-late')),
        failed: fail('SA2 probe fails'),
        cite: mp('mana_mp_req_verbs_cmd_fd', 'rte_mp_request_sync', 294),
      }),
      mayFail(
        w,
        'map',
        'SA3 map fails',
        fail('SA3 probe fails'),
        [
          step(
            'SA3 map page',
            s => {
              if (!isUnlocked(s)) return false;
              const g = s.get(k.cmdFd);
              const taken = s.set(k.cmdFd, NULL);
              // After a RESET_ENTER the descriptor is old; RESET_EXIT brings the page, or has brought it.
              return s.get(k.resetSeen) ? taken : taken.set(k.page, g).set(k.dbPage, g);
            },
            mana('mana_map_doorbell_secondary', 'mmap', 2021),
          ),
        ],
        mana('mana_map_doorbell_secondary', 'MAP_FAILED', 2022),
      ),
      step('SA4 close descriptor', s => s.update(k.fds, n => n - 1), mana(PT, 'close', 2208)),
      step(
        'SA4 fp_ops := real, port valid',
        s => s.set(k.fpOps, 'real').set(k.stage, 'attached'),
        ethdevDriver('rte_eth_dev_probing_finish', 'RTE_ETH_DEV_ATTACHED', 247),
      ),
      w.sw.counting === 'last'
        ? step('SA5 secondary_cnt += 1', s => count(sec, k, true, s), mana('mana_pci_probe', 'secondary_cnt', 2514))
        : [],
      ret(true),
    ];
  });

/** SD: an attached secondary exits in order; its IPC thread is cancelled wherever it stands. */
export const detach = (w: World, sec: Secondaries, k: Secondary) =>
  procedure(SD, () => [
    step('SD1 secondary_cnt -= 1', s => isOutside(w, k)(s) && count(sec, k, false, s).set(k.stage, 'leaving'), {
      rest: true,
      cite: mana(SD, 'secondary_cnt', 2563),
    }),
    step('SD2 unregister action', s => s.set(k.stage, 'without action'), mana(SD, 'mana_mp_uninit_secondary', 2570)),
    step('SD3 close socket', s => end(sec, k, s), ealProc('rte_mp_channel_cleanup', 'pthread_cancel', 698)),
  ]);

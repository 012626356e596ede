import {
  attempt,
  type Body,
  call,
  procedure,
  ret,
  type State,
  step,
  type Thread,
  whenLocal,
} from '../../../src/spec/index.ts';
import { onPriv } from '../driver.ts';
import { ethdev, ethdevDriver, ethdevPci, ethdevPrivate, mana } from '../source.ts';
import { NULL, type Queue, type World } from '../state.ts';
import type * as wrap from './wrappers.ts';

/** The application stops polling in its secondary processes and waits for their lcores. */
const quiesceSecondaries = (w: World): Body => {
  const lcores = w.secondaries?.processes.filter(k => k.lcore !== 'none') ?? [];
  const inBurst = (s: State) =>
    lcores.some(k => k.main.threads.some(t => s.within(t, { name: `mana_${k.lcore}_burst` })));
  return lcores.length === 0
    ? []
    : [step('stop polling', s => s.set(w.polling, false)), step('wait for lcore', s => !inBurst(s) && s)];
};

/** rte_eth_dev_stop: AS1, the driver, AS7. */
export const ethStop = (w: World, stopLock: ReturnType<typeof wrap.stopLock>) =>
  procedure('rte_eth_dev_stop', t => {
    const fn = 'rte_eth_dev_stop';
    return [
      w.p.polling === 'stops everywhere' ? quiesceSecondaries(w) : [],
      attempt(
        'AS1 fp_ops := dummy',
        s => s.get(w.attached) && s.get(w.devStarted) && s.set(w.fpOps, 'dummy'),
        [
          call(stopLock),
          onPriv(w, t, 'AS7 dev_started := 0', s => s.set(w.devStarted, false), ethdev(fn, 'dev_started', 1888)),
        ],
        [],
        { cite: ethdev(fn, 'eth_dev_fp_ops_reset', 1884) },
      ),
    ];
  });

/** rte_eth_dev_close: AC1, the driver, AC7 whatever the driver answered. */
export const ethClose = (w: World, closeLock: ReturnType<typeof wrap.closeLock>) =>
  procedure('rte_eth_dev_close', t => {
    const fn = 'rte_eth_dev_close';
    return [
      attempt(
        'AC1 stopped?',
        s => s.get(w.attached) && !s.get(w.devStarted) && s,
        [
          call(closeLock),
          onPriv(
            w,
            t,
            'AC7 release port',
            s => s.set(w.attached, false).set(w.fpOps, 'dummy').set(w.freed, true),
            ethdevDriver('rte_eth_dev_release_port', 'dev_private', 295),
          ),
        ],
        [],
        { cite: ethdev(fn, 'dev_started', 2004) },
      ),
    ];
  });

/** rte_eth_dev_info_get; answers 0 or -EBUSY. */
export const ethInfo = (w: World, infoGetLock: ReturnType<typeof wrap.infoGetLock>) =>
  procedure('rte_eth_dev_info_get', t => {
    const answer = t.local('ret', 0);
    return [
      attempt(
        'AI valid port?',
        s => s.get(w.attached) && s,
        [call(infoGetLock, { out: answer }), ret((s: State) => s.get(answer))],
        [ret(-1)],
        {
          cite: ethdev('rte_eth_dev_info_get', 'RTE_ETH_VALID_PORTID_OR_ERR_RET', 4105),
        },
      ),
    ];
  });

/** rte_eth_dev_rx_intr_enable on queue 0. */
export const ethRxIntrEnable = (w: World, enable: ReturnType<typeof wrap.rxIntrEnableLock>) =>
  procedure('rte_eth_dev_rx_intr_enable', () => [
    attempt('AI valid port?', s => s.get(w.attached) && s, [call(enable)], [], {
      cite: ethdev('rte_eth_dev_rx_intr_enable', 'RTE_ETH_VALID_PORTID_OR_ERR_RET', 6081),
    }),
  ]);

/** rte_eth_dev_start: checks, info_get, the driver, then fp_ops as the burst pointers of the device are by now. */
export const ethStart = (w: World, info: ReturnType<typeof ethInfo>, startLock: ReturnType<typeof wrap.startLock>) =>
  procedure('rte_eth_dev_start', t => {
    const fn = 'rte_eth_dev_start';
    const answer = t.local('ret', 0);
    return [
      attempt(
        'AT configured, stopped?',
        s => s.get(w.attached) && s.get(w.devConfigured) && !s.get(w.devStarted) && s,
        [
          call(info, { out: answer }),
          whenLocal(s => s.get(answer) === 0, [call(startLock, { out: answer })]),
          whenLocal(
            s => s.get(answer) === 0,
            [
              onPriv(w, t, 'AT dev_started := 1', s => s.set(w.devStarted, true), ethdev(fn, 'dev_started', 1831)),
              onPriv(
                w,
                t,
                'AT fp_ops := burst pointers',
                s => s.set(w.fpOps, s.get(w.devBurst)),
                ethdev(fn, 'eth_dev_fp_ops_setup', 1857),
              ),
            ],
          ),
        ],
        [],
        { cite: ethdev(fn, 'dev_configured', 1804) },
      ),
    ];
  });

/** The release of one queue by ethdev: the driver may refuse, the pointer becomes NULL whatever it did. */
const releaseQueue = (w: World, t: Thread, q: Queue, release: ReturnType<typeof wrap.queueReleaseLock>): Body => [
  attempt(
    `AR ${q} set up?`,
    s => s.get(w.queue(q)) !== 'NULL' && s,
    [
      call(release),
      onPriv(
        w,
        t,
        `AR ${q} := NULL`,
        s => s.set(w.queue(q), 'NULL'),
        ethdevPrivate(`eth_dev_${q.slice(0, 2)}q_release`, 'NULL', q === 'rx0' ? 414 : 427),
      ),
    ],
    [],
    {
      cite: ethdevPrivate(
        `eth_dev_${q.slice(0, 2)}q_release`,
        `${q.slice(0, 2)}_queue_release`,
        q === 'rx0' ? 413 : 426,
      ),
    },
  ),
];

type Releases = Readonly<Record<Queue, ReturnType<typeof wrap.queueReleaseLock>>>;

/** rte_eth_dev_configure. */
export const ethConfigure = (
  w: World,
  info: ReturnType<typeof ethInfo>,
  configureLock: ReturnType<typeof wrap.configureLock>,
  releases: Releases,
) =>
  procedure('rte_eth_dev_configure', t => {
    const fn = 'rte_eth_dev_configure';
    const answer = t.local('ret', 0);
    return [
      attempt(
        'AG dev_configured := 0',
        s => s.get(w.attached) && !s.get(w.devStarted) && s.set(w.devConfigured, false),
        [
          call(info, { out: answer }),
          whenLocal(
            s => s.get(answer) === 0,
            [
              onPriv(
                w,
                t,
                'AG allocate queue arrays',
                s => s.set(w.arrays, true),
                ethdev(fn, 'eth_dev_rx_queue_config', 1587),
              ),
              call(configureLock, { out: answer }),
              whenLocal(
                s => s.get(answer) === 0,
                [
                  onPriv(
                    w,
                    t,
                    'AG dev_configured := 1',
                    s => s.set(w.devConfigured, true),
                    ethdev(fn, 'dev_configured', 1643),
                  ),
                ],
                [
                  w.queues.map(q => releaseQueue(w, t, q, releases[q])),
                  onPriv(w, t, 'AG free queue arrays', s => s.set(w.arrays, false), ethdev(fn, 'reset_queues', 1646)),
                ],
              ),
            ],
          ),
        ],
        [],
        { cite: ethdev(fn, 'dev_configured', 1362) },
      ),
    ];
  });

/** rte_eth_rx_queue_setup and rte_eth_tx_queue_setup of queue 0; answers 0 or an error. */
export const ethQueueSetup = (
  w: World,
  q: Queue,
  info: ReturnType<typeof ethInfo>,
  setupLock: ReturnType<typeof wrap.queueSetupLock>,
  release: ReturnType<typeof wrap.queueReleaseLock>,
) =>
  procedure(`rte_eth_${q.slice(0, 2)}_queue_setup`, t => {
    const fn = `rte_eth_${q.slice(0, 2)}_queue_setup`;
    const answer = t.local('ret', 0);
    return [
      attempt(
        `AQ ${q} in range?`,
        s => s.get(w.attached) && s.get(w.arrays) && s,
        [
          call(info, { out: answer }),
          whenLocal(
            s => s.get(answer) === 0,
            [
              attempt(
                `AQ ${q} stopped?`,
                s => !s.get(w.devStarted) && s,
                [releaseQueue(w, t, q, release), call(setupLock, { out: answer })],
                [],
                { cite: ethdev(fn, 'dev_started', q === 'rx0' ? 2420 : 2676) },
              ),
            ],
          ),
        ],
        [],
        { cite: ethdev(fn, q === 'rx0' ? 'nb_rx_queues' : 'nb_tx_queues', q === 'rx0' ? 2302 : 2629) },
      ),
    ];
  });

/** rte_dev_remove: drops primary_cnt, then uninit and the release of the port where the names are equal. */
export const devRemove = (w: World, uninit: ReturnType<typeof wrap.devUninit>) =>
  procedure('rte_dev_remove', t => {
    const answer = t.local('ret', NULL);
    return [
      step(
        'AU1 primary_cnt -= 1',
        s => s.update(w.primaryCnt, n => Math.max(0, n - 1)),
        mana('mana_pci_remove', 'primary_cnt', 2548),
      ),
      w.p.portName === 'differs'
        ? []
        : attempt(
            'AU2 port found?',
            s => s.get(w.attached) && s,
            [
              call(uninit, { out: answer }),
              whenLocal(
                s => s.get(answer) === 0,
                [
                  onPriv(
                    w,
                    t,
                    'AU5 release port',
                    s => s.set(w.attached, false).set(w.fpOps, 'dummy').set(w.freed, true),
                    ethdevDriver('rte_eth_dev_release_port', 'dev_private', 295),
                  ),
                ],
              ),
            ],
            [],
            { cite: ethdevPci('rte_eth_dev_pci_generic_remove', 'rte_eth_dev_allocated', 174) },
          ),
    ];
  });

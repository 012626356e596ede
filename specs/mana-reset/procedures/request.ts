import { procedure } from '../../../src/spec/index.ts';
import { onPriv } from '../driver.ts';
import { mp } from '../source.ts';
import type { World } from '../state.ts';

const Q = 'mana_mp_req_on_rxtx';

/** Q: a request to the secondary processes. There are none here, so it ends where the sender counts them. */
export const request = (w: World) =>
  procedure(Q, t => [onPriv(w, t, 'Q1 no secondary', s => s, mp(Q, 'secondary_cnt', 384))]);

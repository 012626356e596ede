/* specs/classics/leader-election.ts with N nodes; a leader n announces itself as N + n. */
#include "common.h"

#define ASLEEP 0
#define CANDIDATE 1
#define PASSIVE 2
#define LEADER 3

#define ID(i) (N - (i))
#define AFTER(i) (((i) + 1) % N)

/* A send to a full channel would be an error: that no channel is longer than N is checked by its capacity. */
chan channel[N] = [N] of { byte };
byte role[N];
byte known[N];
/* No part of the state: used within one step only. */
hidden byte message;

#define STEPS(i) \
  :: d_step { role[i] == ASLEEP -> role[i] = CANDIDATE; channel[AFTER(i)] ! ID(i) } \
  :: d_step { channel[i] ? message -> \
       if \
       :: message > N && message != N + ID(i) -> known[i] = message - N; channel[AFTER(i)] ! message \
       :: message == N + ID(i) \
       :: message > ID(i) && message <= N -> role[i] = PASSIVE; channel[AFTER(i)] ! message \
       :: message == ID(i) -> role[i] = LEADER; known[i] = ID(i); channel[AFTER(i)] ! N + ID(i) \
       :: message < ID(i) && role[i] == ASLEEP -> role[i] = CANDIDATE; channel[AFTER(i)] ! ID(i) \
       :: message < ID(i) && role[i] != ASLEEP \
       fi \
     }

active proctype nodes() {
  do
  EACH(STEPS)
  od
}

#define IS_LEADER(i) (role[i] == LEADER)
#define IS_WRONG(i) (known[i] != 0 && known[i] != N)
#define BAD (FOLD(+, IS_LEADER) > 1 || FOLD(||, IS_WRONG))
MONITOR

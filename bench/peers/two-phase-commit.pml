/* specs/classics/two-phase-commit.ts with N resource managers. Sets of managers are bit masks. */
#include "common.h"

#define WORKING 0
#define PREPARED 1
#define COMMITTED 2
#define ABORTED 3

#define OPEN 0
#define BIT(i) (1 << (i))
#define EVERYONE ((1 << N) - 1)

byte manager[N];
byte decision;
unsigned ready : N;
unsigned sentPrepared : N;
bit sentCommit;
bit sentAbort;

#define STEPS(i) \
  :: d_step { decision == OPEN && (sentPrepared & BIT(i)) -> ready = ready | BIT(i) } \
  :: d_step { manager[i] == WORKING -> manager[i] = PREPARED; sentPrepared = sentPrepared | BIT(i) } \
  :: d_step { manager[i] == WORKING -> manager[i] = ABORTED } \
  :: d_step { sentCommit -> manager[i] = COMMITTED } \
  :: d_step { sentAbort -> manager[i] = ABORTED }

active proctype managers() {
  do
  :: d_step { decision == OPEN && ready == EVERYONE -> decision = COMMITTED; sentCommit = 1 }
  :: d_step { decision == OPEN -> decision = ABORTED; sentAbort = 1 }
  EACH(STEPS)
  od
}

#define HAS_COMMITTED(i) manager[i] == COMMITTED
#define HAS_ABORTED(i) manager[i] == ABORTED
#define BAD (FOLD(||, HAS_COMMITTED) && FOLD(||, HAS_ABORTED))
MONITOR

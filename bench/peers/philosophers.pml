/* specs/classics/philosophers.ts with N seats. The fork of a seat is the one to its left. */
#include "common.h"

#define LEFT _pid
#define RIGHT ((_pid + 1) % N)

bit taken[N];

active [N] proctype philosopher() {
  do
  :: d_step { !taken[LEFT] -> taken[LEFT] = 1 };
     d_step { !taken[RIGHT] -> taken[RIGHT] = 1 };
eats: taken[LEFT] = 0;
     taken[RIGHT] = 0
  od
}

#define BOTH_EAT(i) philosopher[i]@eats && philosopher[(i + 1) % N]@eats
#define BAD FOLD(||, BOTH_EAT)
MONITOR

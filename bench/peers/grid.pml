/* specs/classics/grid.ts: N counters of M values each. */
#include "common.h"

byte counter[N];

#define INCREMENT(i) :: d_step { counter[i] < M - 1 -> counter[i]++ }

active proctype counters() {
  do
  EACH(INCREMENT)
  od
}

#define TOO_LARGE(i) counter[i] >= M
#define BAD FOLD(||, TOO_LARGE)
MONITOR

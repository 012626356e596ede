/* specs/classics/filter-lock.ts with N threads. */
#include "common.h"

#define HEIGHT level[_pid]
#define FIRST (_pid == 0 -> 1 : 0)
#define NEXT (other + 1 == _pid -> other + 2 : other + 1)

byte level[N];
byte last[N];

active [N] proctype thread() {
  byte other;

outside:
  HEIGHT = 1;
enter:
  if
  :: d_step { last[HEIGHT] = _pid; other = FIRST }
  fi;
look:
  if
  :: level[other] >= HEIGHT
  :: d_step { level[other] < HEIGHT && NEXT < N -> other = NEXT }; goto look
  :: d_step { level[other] < HEIGHT && NEXT >= N && HEIGHT < N - 1 -> other = 0 }; goto rise
  :: d_step { level[other] < HEIGHT && NEXT >= N && HEIGHT == N - 1 -> other = 0 }; goto inside
  fi;
  if
  :: last[HEIGHT] == _pid -> goto look
  :: d_step { last[HEIGHT] != _pid && NEXT < N -> other = NEXT }; goto look
  :: d_step { last[HEIGHT] != _pid && NEXT >= N && HEIGHT < N - 1 -> other = 0 }; goto rise
  :: d_step { last[HEIGHT] != _pid && NEXT >= N && HEIGHT == N - 1 -> other = 0 }; goto inside
  fi;
rise:
  HEIGHT++;
  goto enter;
inside:
  HEIGHT = 0;
  goto outside
}

#define IS_INSIDE(i) (thread[i]@inside)
#define BAD (FOLD(+, IS_INSIDE) > 1)
MONITOR

/* specs/classics/burst-reset.ts with N data-path threads. */
#include "common.h"

#define IN_BURST 1
#define BLOCKED 2

mtype:device = { ACTIVE, ENTER, EXIT };
mtype:device device = ACTIVE;
byte burst[N];
bit ops;
bit mapped = 1;
bit touched;

active [N] proctype lcore() {
  bit page;

begin:
  if
  :: d_step { burst[_pid] == 0 -> burst[_pid] = IN_BURST }
  :: burst[_pid] != 0 -> goto begin
  fi;
  page = mapped;
  if
  :: d_step { page && mapped -> page = 0 }
  :: d_step { !(page && mapped) -> touched = 1; page = 0 }
  fi;
  burst[_pid] = burst[_pid] & BLOCKED;
  goto begin
}

active proctype reset() {
  byte q;

  do
  :: d_step { !ops -> ops = 1 };
     device = ENTER;
block:
     if
     :: d_step { q < N - 1 -> burst[q] = burst[q] | BLOCKED; q++ }; goto block
     :: d_step { q == N - 1 -> burst[q] = burst[q] | BLOCKED; q = 0 }
     fi;
drain:
     if
     :: burst[q] & IN_BURST -> goto drain
     :: d_step { !(burst[q] & IN_BURST) && q < N - 1 -> q++ }; goto drain
     :: d_step { !(burst[q] & IN_BURST) && q == N - 1 -> q = 0 }
     fi;
     mapped = 0;
     ops = 0;
     skip; /* wait for the device */
     d_step { !ops -> ops = 1 };
     device = EXIT;
     mapped = 1;
unblock:
     if
     :: d_step { q < N - 1 -> burst[q] = burst[q] & IN_BURST; q++ }; goto unblock
     :: d_step { q == N - 1 -> burst[q] = burst[q] & IN_BURST; q = 0 }
     fi;
     device = ACTIVE;
     ops = 0
  od
}

active proctype application() {
begin:
  if
  :: d_step { !ops -> ops = 1 }
  :: ops -> goto begin
  fi;
  if
  :: device == ACTIVE
  :: device != ACTIVE -> goto end
  fi;
  if
  :: mapped
  :: d_step { !mapped -> touched = 1 }
  fi;
end:
  ops = 0;
  goto begin
}

#define BAD touched
MONITOR

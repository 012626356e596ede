// Loaded into a process before its program (--import): when it ends, its peak of memory is added to a file, in kilobytes.
import { appendFileSync } from 'node:fs';

process.on('exit', () => appendFileSync(process.env.QUIESCE_PEAKS ?? '', `${process.resourceUsage().maxRSS}\n`));

import { availableParallelism, cpus, platform, release, totalmem } from 'node:os';

/** The machine and the node that measure, in words. */
export function describeMachine(): string {
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  const processor = cpus()[0]?.model.trim() ?? 'unknown processor';
  return `${processor}, ${availableParallelism()} cores, ${memory}, ${platform()} ${release().split('-')[0]}, node ${process.version}`;
}

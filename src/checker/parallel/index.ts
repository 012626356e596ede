export { Crew, ThreadLost } from './crew.ts';
export { Partitions } from './partitions.ts';
export { workersOf } from './workers.ts';

import { type Model, spec } from '../../src/spec/index.ts';
import { configurations } from './configurations.ts';
import { devStateModel } from './dev-state.ts';
import { drainModel } from './drain.ts';
import { type DrainParameters, type OrderOf, parameters, requireExisting, series } from './parameters.ts';
import { threadIdModel } from './thread-id.ts';

function model(p: DrainParameters): Model {
  requireExisting(p);
  const order: OrderOf = (access, given) => (p.weaken === access ? 'relaxed' : given);
  return { drain: drainModel, 'dev-state': devStateModel, 'thread-id': threadIdModel }[p.part](p, order);
}

export default spec({
  name: 'mana-drain',
  about: 'the memory orders by which the DPDK MANA driver keeps bursts and a reset apart, under sc, tso and ra',
  parameters,
  revisions: series,
  configurations,
  defaultConfiguration: 'R7',
  model,
});

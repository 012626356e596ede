import { call, Model, spec } from '../../src/spec/index.ts';
import { configurations } from './configurations.ts';
import { type ManaParameters, parameters } from './parameters.ts';
import { type Procedures, procedures } from './procedures/index.ts';
import { declareProperties } from './properties/index.ts';
import { series } from './revisions.ts';
import { modelledSites, rules } from './rules.ts';
import { declareState, type World } from './state.ts';
import { applicationThread } from './threads/application.ts';
import { hotplugThread, interruptThread } from './threads/interrupt.ts';
import { kernelThread } from './threads/kernel.ts';
import { lcoreThread } from './threads/lcore.ts';
import { otherPortThread } from './threads/other-port.ts';
import { secondaryThreads } from './threads/secondary.ts';

/** The model of one case: variables, then the threads in the order in which traces show them, then the properties. */
function model(p: ManaParameters): Model {
  const m = new Model('mana-reset');
  const late: { procedures?: Procedures } = {};
  const sw = series.of(p.revision, p.without);
  const resets = Math.max(1, p.fatals);
  const rst = m.pool('RST', resets, () => [call(late.procedures!.resetThread)]);
  const dly = sw.exitThread === 'DLY' ? m.pool('DLY', resets, () => [call(late.procedures!.exitDelay)]) : undefined;
  const w: World = declareState(m, p, sw, rst, dly);
  const pr = procedures(w, () => intr);
  late.procedures = pr;
  const intr = interruptThread(m, w, pr);
  hotplugThread(m, w, pr);
  let lcore: ReturnType<typeof lcoreThread>;
  applicationThread(m, w, pr, () => lcore);
  lcore = lcoreThread(m, w, pr);
  otherPortThread(m, w);
  secondaryThreads(m, w, pr, () => intr);
  kernelThread(m, w);
  declareProperties(w);
  return m;
}

export default spec({
  name: 'mana-reset',
  about: 'the device reset of the DPDK MANA driver in all public postings',
  parameters,
  revisions: series,
  sites: modelledSites,
  rules,
  configurations,
  defaultConfiguration: 'tour',
  model,
});

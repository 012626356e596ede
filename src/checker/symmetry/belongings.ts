import {
  didYouMean,
  type Interchangeable,
  type Key,
  type Model,
  SpecError,
  Thread,
  Variable,
} from '../../spec/index.ts';

/** What belongs to an index: variables, threads, and flat actions by the numbers of their agents. */
export type Member = Variable<unknown> | Thread | number;

/** What belongs to an index of a type. @throws SpecError for what is not the model's, or is there twice */
export function belongingsOf(model: Model, type: Interchangeable, index: Key): readonly Member[] {
  const members = type.belongings(index).map((one): Member => {
    if (one instanceof Thread && model.threads.includes(one)) return one;
    if (one instanceof Variable && one.owner === model) return one;
    if (typeof one === 'string') return actionOf(model, type, one);
    throw new SpecError({
      what: `'${type.name}' ${index}: ${described(one)} is no variable, thread or action of the model`,
      where: type.site,
      hint: 'list variables, threads, and actions by their names; an element of a set is set.has(element)',
    });
  });
  const twice = members.find((one, i) => members.indexOf(one) < i);
  if (twice === undefined) return members;
  throw new SpecError({
    what: `'${type.name}' ${index}: ${nameOf(model, twice)} is listed twice`,
    where: type.site,
    hint: 'a thing belongs to one index, in one place',
  });
}

function actionOf(model: Model, type: Interchangeable, name: string): number {
  const found = model.agents.findIndex(agent => agent.thread === undefined && agent.name === name);
  if (found >= 0) return found;
  const all = model.agents.filter(agent => !agent.thread).map(agent => agent.name);
  throw new SpecError({
    what: `'${type.name}': there is no action '${name}'`,
    where: type.site,
    hint: `the actions are ${all.join(', ') || 'none'}${didYouMean(name, all)}`,
  });
}

/**
 * Sees whether what belongs to the indices of a type is alike, as far as declarations tell.
 *
 * @throws SpecError naming the first difference
 */
export function requireAlike(model: Model, type: Interchangeable): void {
  const unlike = (what: string, hint: string) => new SpecError({ what, where: type.site, hint });
  if (new Set(type.indices).size < type.indices.length)
    throw unlike(`'${type.name}' has an index twice`, 'list each index once');
  const all = type.indices.map(index => belongingsOf(model, type, index));
  const owners = new Map<Member, number>();
  all.forEach((members, at) => {
    const [index, first] = [type.indices[at], type.indices[0]];
    if (members.length !== all[0]?.length)
      throw unlike(
        `'${type.name}': ${all[0]?.length} things belong to ${first}, and ${members.length} to ${index}`,
        'list the same things for each index, in the same order',
      );
    members.forEach((one, i) => {
      const other = all[0]?.[i] as Member;
      const owner = owners.get(one);
      if (owner !== undefined && owner !== at)
        throw unlike(
          `'${type.name}': ${nameOf(model, one)} belongs to ${type.indices[owner]} and to ${index}`,
          'what several indices share belongs to none of them; leave it out',
        );
      owners.set(one, at);
      const difference = differenceOf(one, other);
      if (difference !== undefined)
        throw unlike(
          `'${type.name}': ${nameOf(model, other)} and ${nameOf(model, one)} are not alike: ${difference}`,
          'list the same things for each index, in the same order',
        );
    });
  });
}

/** In what two belongings differ that should be exchanged for each other. */
function differenceOf(one: Member, other: Member): string | undefined {
  if (one instanceof Variable && other instanceof Variable)
    return one.plain === other.plain ? undefined : 'only one of them is plain';
  if (one instanceof Thread && other instanceof Thread) {
    const [a, b] = [one.program, other.program];
    if (one.started !== other.started) return 'only one of them runs from the start';
    if (a.points.length !== b.points.length || a.locals.length !== b.locals.length)
      return 'their bodies have different numbers of steps or locals';
    const at = a.points.findIndex(({ infos }, n) => {
      const others = b.points[n]?.infos ?? [];
      return (
        infos.length !== others.length ||
        infos.some(
          ({ rest, waitsFor }, i) =>
            rest !== others[i]?.rest || (waitsFor === undefined) !== (others[i]?.waitsFor === undefined),
        )
      );
    });
    if (at < 0) return undefined;
    return `their bodies differ at '${a.points[at]?.infos.map(({ name }) => name).join("' or '")}'`;
  }
  return typeof one === typeof other && typeof one === 'number' ? undefined : 'they are of different kinds';
}

const nameOf = (model: Model, member: Member) =>
  typeof member === 'number'
    ? `action '${model.agents[member]?.name}'`
    : `${member instanceof Thread ? 'thread' : 'variable'} '${member.name}'`;

const described = (x: unknown) => (typeof x === 'function' ? 'a family without its key' : `a ${typeof x}`);

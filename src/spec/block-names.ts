import type { Block, Body } from './blocks.ts';
import { SpecError } from './errors.ts';

/** The name of every step of a body, in the order of the source: given ones must differ, default ones are numbered. */
export function nameSteps(procedure: string, body: Body): ReadonlyMap<Block, string> {
  const names = new Map<Block, string>();
  const taken = new Set<string>();
  const visit = (blocks: Body) => {
    for (const item of blocks) {
      if (Array.isArray(item)) {
        visit(item as Body);
        continue;
      }
      const block = item as Block;
      if ('options' in block) {
        let { name } = block;
        for (let n = 2; taken.has(name) && block.options.numbered; n++) name = `${block.name} ${n}`;
        if (taken.has(name)) {
          throw new SpecError({
            what: `procedure '${procedure}' has two steps named '${name}'`,
            where: block.site,
            hint: 'a step is known by its name in properties and traces; name them apart',
          });
        }
        taken.add(name);
        names.set(block, name);
      }
      childrenOf(block).forEach(visit);
    }
  };
  visit(body);
  return names;
}

/** The labels under which a block's outcomes appear, where they are known beforehand. */
export function branchesOf(block: Block): readonly string[] {
  switch (block.kind) {
    case 'attempt':
      return ['yes', 'no'];
    case 'when':
    case 'loop':
      return ['yes', 'no'];
    case 'either':
      return block.branches.map(([label]) => label);
    case 'atMost':
      return ['again', 'enough'];
    case 'fault':
      return ['no fault', `fault: ${block.name}`];
    default:
      return [];
  }
}

function childrenOf(block: Block): readonly Body[] {
  switch (block.kind) {
    case 'attempt':
    case 'when':
    case 'whenLocal':
      return [block.then, block.otherwise];
    case 'fault':
      return [block.faulty, block.otherwise];
    case 'loop':
    case 'loopLocal':
    case 'forever':
    case 'atMost':
      return [block.body];
    case 'either':
      return block.branches.map(([, branch]) => branch);
    case 'select':
      return block.branches;
    default:
      return [];
  }
}

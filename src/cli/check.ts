import type { CheckArguments } from './arguments.ts';
import { type Checked, checkOnce } from './checking.ts';
import { catchInterrupt } from './interrupt.ts';
import { print } from './output.ts';
import { checkObject, statusOfCheck, textOf } from './verdict.ts';

/** `quiesce check SPEC`: a verdict on each property. */
export async function checkCommand(args: CheckArguments): Promise<number> {
  if (args.watch) return (await import('./watch.ts')).watchCommand(args);
  const interrupt = catchInterrupt();
  let checked: Checked;
  try {
    checked = await checkOnce(args, interrupt.asked);
  } finally {
    interrupt.release();
  }
  await print(args.json ? `${JSON.stringify(checkObject(checked), null, 2)}\n` : textOf(args, checked));
  return statusOfCheck(checked);
}

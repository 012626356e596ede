/** Whether to colour what is written to a stream: on a terminal, unless the user does not want it. */
export const isColoured = (stream: NodeJS.WriteStream): boolean =>
  stream.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb';

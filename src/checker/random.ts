/** The next of a fixed sequence of pseudo-random numbers; its high bits are the good ones. Source: Numerical Recipes, "ranqd1". */
export const nextRandom = (x: number): number => (Math.imul(x, 1_664_525) + 1_013_904_223) | 0;

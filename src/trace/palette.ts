/** What a terminal renderer needs of colours; the object that `picocolors` makes is one. */
export interface Palette {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
}

const same = (text: string): string => text;

/** No colours: for files, pipes and terminals without them. */
export const plain: Palette = { bold: same, dim: same, red: same, green: same, yellow: same, cyan: same };

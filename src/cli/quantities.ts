import { InputError } from './errors.ts';

/** A whole number of at least 1, as an option gives it. */
export function parseCount(option: string, text: string, most = Number.POSITIVE_INFINITY): number {
  const n = Number(text);
  if (text.trim() !== '' && Number.isInteger(n) && n >= 1 && n <= most) return n;
  const range = most === Number.POSITIVE_INFINITY ? 'from 1' : `from 1 to ${most}`;
  throw new InputError({ what: `--${option} is '${text}', which is not a whole number ${range}` });
}

/** Seconds, fractions allowed. */
export function parseSeconds(option: string, text: string): number {
  const n = Number(text);
  if (text.trim() !== '' && Number.isFinite(n) && n > 0) return n;
  throw new InputError({ what: `--${option} is '${text}', which is not a number of seconds above 0` });
}

const units: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

/** Bytes: a number with K, M, G or T behind it, or none. */
export function parseBytes(option: string, text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*([KMGT]?)i?B?$/i.exec(text.trim()) ?? [];
  const bytes = Math.floor(Number(number) * (units[unit?.toUpperCase() ?? ''] ?? 1));
  if (number !== undefined && bytes > 0) return bytes;
  throw new InputError({ what: `--${option} is '${text}', which is not a size`, hint: 'write 500M or 2G' });
}

/** Bytes for a reader: "512 MB". */
export function formatBytes(bytes: number): string {
  const step = bytes < 2 ** 20 ? 'K' : bytes < 10 * 2 ** 30 ? 'M' : 'G';
  return `${Math.ceil(bytes / (units[step] ?? 1)).toLocaleString('en')} ${step}B`;
}

/** A count with thousands set apart. */
export const formatCount = (n: number): string => n.toLocaleString('en');

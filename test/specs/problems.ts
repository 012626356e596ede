/** One row of a problem's table, with its counting rules: what any correct search of it must find. */
export interface Row {
  /** The spec under specs/classics. */
  readonly spec: string;
  readonly parameters: Readonly<Record<string, number>>;
  readonly states: number;
  /** Pairs of a reachable state and a step enabled in it, those that change nothing included. */
  readonly transitions: number;
  /** Levels of a breadth-first search, the initial state's included; undefined where it was not measured. */
  readonly levels: number | undefined;
  /** States in which no step is enabled. */
  readonly terminal: number;
}

type Counts = readonly [states: number, transitions: number, levels: number | undefined, terminal: number];

function table(spec: string, names: readonly string[], rows: Readonly<Record<string, Counts>>): readonly Row[] {
  return Object.entries(rows).map(([key, [states, transitions, levels, terminal]]) => {
    const values = key.split(',').map(Number);
    const parameters = Object.fromEntries(names.map((name, i) => [name, values[i] ?? Number.NaN]));
    return { spec, parameters, states, transitions, levels, terminal };
  });
}

/**
 * Exact counts of the classic problems with up to five million states. They were found by other tools (SPIN, TLC,
 * LTSmin and rumur, at least two of them on each row), and by closed formulas where there are any.
 */
export const problems: readonly Row[] = [
  ...table('two-phase-commit', ['managers'], {
    3: [288, 1_145, 11, 0],
    4: [1_568, 8_257, 14, 0],
    5: [8_832, 58_145, 17, 0],
    6: [50_816, 402_305, 20, 0],
    7: [296_448, 2_744_705, 23, 0],
    8: [1_745_408, 18_507_777, undefined, 0],
  }),
  ...table('grid', ['counters', 'size'], {
    '3,10': [1_000, 2_700, 28, 1],
    '5,10': [100_000, 450_000, 46, 1],
    '6,10': [1_000_000, 5_400_000, 55, 1],
  }),
  ...table('philosophers', ['seats'], {
    3: [26, 51, 7, 1],
    4: [80, 212, 10, 1],
    5: [242, 805, 13, 1],
    6: [728, 2_910, 16, 1],
    7: [2_186, 10_199, 19, 1],
    8: [6_560, 34_984, 22, 1],
    9: [19_682, 118_089, 25, 1],
    10: [59_048, 393_650, 28, 1],
    11: [177_146, 1_299_067, 31, 1],
    12: [531_440, 4_251_516, 34, 1],
    13: [1_594_322, 13_817_453, undefined, 1],
    14: [4_782_968, 44_641_030, undefined, 1],
  }),
  ...table('filter-lock', ['threads'], {
    2: [32, 64, 8, 0],
    3: [2_090, 6_270, 31, 0],
    4: [190_197, 760_788, 75, 0],
  }),
  ...table('burst-reset', ['lcores'], {
    1: [47, 127, 16, 0],
    2: [179, 666, 22, 0],
    3: [755, 3_581, 28, 0],
    4: [3_251, 18_736, 34, 0],
    5: [14_003, 94_947, 40, 0],
    6: [60_083, 468_374, 46, 0],
    7: [256_691, 2_261_065, 52, 0],
    8: [1_092_275, 10_726_140, undefined, 0],
    9: [4_631_219, 50_156_975, undefined, 0],
  }),
  ...table('leader-election', ['nodes'], {
    2: [10, 13, 6, 1],
    3: [32, 59, 8, 1],
    4: [121, 288, 11, 1],
    5: [512, 1_471, 16, 1],
    6: [2_313, 7_706, 22, 1],
    7: [10_880, 41_037, 29, 1],
    8: [52_625, 221_176, 37, 1],
    9: [259_928, 1_203_247, 46, 1],
    10: [1_305_289, 6_595_090, undefined, 1],
  }),
];

/** A row in words: "grid counters=3 size=10". */
export const describeRow = ({ spec, parameters }: Row): string =>
  `${spec} ${Object.entries(parameters)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')}`;

// How long a read from memory takes at a place that cannot be foreseen: node dist/bench/random-reads.js MEBIBYTES.
// Prints nanoseconds as JSON: of a read whose place the one before it tells, and of one whose place is known.
const [, , mebibytes = ''] = process.argv;
const size = Number(mebibytes) << 18;
const mask = size - 1;
const READS = 1 << 24;

/** Each number tells the next place: all places in one cycle. An odd factor, and bits that are mixed with higher ones, leave nothing out. */
const places = new Int32Array(size);
const scattered = (n: number) => Math.imul(n ^ (n >>> 11), 0x9e3779b1) & mask;
for (let n = 0, at = scattered(0); n < size; n++) {
  const next = scattered((n + 1) & mask);
  places[at] = next;
  at = next;
}

function dependent(): number {
  const began = performance.now();
  let at = 0;
  for (let n = 0; n < READS; n++) at = places[at] as number;
  return at < 0 ? 0 : ((performance.now() - began) * 1e6) / READS;
}

function independent(): number {
  const began = performance.now();
  let sum = 0;
  for (let n = 0; n < READS; n++) sum = (sum + (places[Math.imul(n, 0x85ebca6b) & mask] as number)) | 0;
  return sum === 0.5 ? 0 : ((performance.now() - began) * 1e6) / READS;
}

// The first run of each is compiled while it goes on.
dependent();
independent();
console.log(JSON.stringify({ dependent: dependent(), independent: independent() }));

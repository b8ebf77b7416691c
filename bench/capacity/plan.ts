/** What one operation costs, in ms of a core, with where the figure is from. */
export interface Cost {
  ms: number;
  source: string;
}

export interface Costs {
  appBooking: Cost;
  appRead: Cost;
  worker: Cost;
  /** A booking with its job and the reads that came with it. */
  databaseBooking: Cost;
  /** A read more than came with the bookings of the load test. */
  databaseRead: Cost;
  /** How many reads came with each booking there. */
  readsEach: number;
  disk: { bytes: number; source: string };
}

export interface Wishes {
  /** Per second, at the busiest time. */
  bookings: number;
  /** Of free times and mentors' pages, per second, at the busiest time. */
  reads: number;
  /** How many times the average the busiest time is. */
  peak: number;
}

export interface Plan {
  appCores: number;
  /** One core each. */
  appProcesses: number;
  workerCores: number;
  databaseCores: number;
  /** Without a pooler. */
  connections: number;
  /** GB, without indexes' growth by updates, the log and backups. */
  diskPerMonth: number;
}

/** A busier core answers late: what arrives at random waits for what came before. */
const usable = 0.7;
/** One may stop or be replaced while the other serves. */
const fewestProcesses = 2;
/** docs/operations.md, limits; a test compares it. */
export const connectionsOfProcess = 44;
const secondsOfMonth = 30 * 86_400;

export function planFor({ bookings, reads, peak }: Wishes, costs: Costs): Plan {
  const cores = (ms: number) => ms / 1000 / usable;
  const appCores = cores(bookings * costs.appBooking.ms + reads * costs.appRead.ms);
  const more = Math.max(0, reads - bookings * costs.readsEach);
  const appProcesses = Math.max(fewestProcesses, Math.ceil(appCores));
  return {
    appCores,
    appProcesses,
    workerCores: cores(bookings * costs.worker.ms),
    databaseCores: cores(bookings * costs.databaseBooking.ms + more * costs.databaseRead.ms),
    // One more process while one is replaced, and the worker.
    connections: (appProcesses + 2) * connectionsOfProcess,
    diskPerMonth: ((bookings / peak) * secondsOfMonth * costs.disk.bytes) / 1e9,
  };
}

/** Reads the costs from the measured tables, so that they follow the next measurement. @throws if a table has another form */
export function readCosts({ load, bench }: { load: string; bench: string }): Costs {
  const row = (text: string, first: RegExp): number[] => {
    const line = text.split("\n").find((one) => first.test(one));
    if (!line) throw new Error(`No row ${first.source} in the measurements.`);
    return line
      .split("|")
      .slice(2)
      .map((cell) => Number(cell.replaceAll(/[^\d.-]/g, "")));
  };
  const [bookings = 0] = row(load, /^\| usual load, bookings +\|/);
  const [reads = 0] = row(load, /^\| usual load, reads +\|/);
  const [app = 0, worker = 0, database = 0] = row(load, /^\| usual load +\|/);
  const booking = section(bench, "booking");
  const [appBooking] = /^\| all +\| +([\d.]+) ms \|/m.exec(booking)?.slice(1).map(Number) ?? [];
  const [databaseRead] =
    /availability\?… \| +\d+ \| +([\d.]+) µs/.exec(section(bench, "reads"))?.slice(1).map(Number) ?? [];
  const [bytes] =
    /^\| \*\*together\*\* .*?\| +([\d,]+) \|$/m
      .exec(section(bench, "disk"))
      ?.slice(1)
      .map((figure) => Number(figure.replaceAll(",", ""))) ?? [];
  if (!appBooking || !databaseRead || !bytes) throw new Error("bench/README.md lacks a figure.");
  const usualLoad = `bench/load/README.md, usual load: ${bookings} bookings and ${reads} reads a second`;
  const rest = app * 1000 - bookings * appBooking;
  return {
    appBooking: { ms: appBooking, source: "bench/README.md, processor time of the app for one booking" },
    appRead: { ms: rest / reads, source: `${usualLoad} take ${app} cores of the app; less its bookings` },
    worker: { ms: (worker * 1000) / bookings, source: `${usualLoad} take ${worker} cores of the worker` },
    databaseBooking: {
      ms: (database * 1000) / bookings,
      source: `${usualLoad} take ${database} cores of PostgreSQL`,
    },
    databaseRead: { ms: databaseRead / 1000, source: "bench/README.md, reads: a month that is computed" },
    readsEach: reads / bookings,
    disk: { bytes, source: "bench/README.md, disk" },
  };
}

function section(text: string, name: string): string {
  return text.slice(text.indexOf(`<!-- ${name} -->`), text.indexOf(`<!-- /${name} -->`));
}

/** Sizes and times as one says them. */
import { plural } from "./plural";

interface Unit {
  bytes: number;
  name: string;
  digits: number;
}

const UNITS: Unit[] = [
  { bytes: 1e9, name: "GB", digits: 1 },
  { bytes: 1e6, name: "MB", digits: 0 },
  { bytes: 1e3, name: "KB", digits: 0 },
];
const BYTES: Unit = { bytes: 1, name: "bytes", digits: 0 };

/** "2.1 GB", "842 MB", as the disk's own programs count. */
export function size(bytes: number): string {
  const unit = unitOf(bytes);
  return `${amount(bytes, unit).replace(/\.0$/, "")} ${bytes === 1 ? "byte" : unit.name}`;
}

/** "1.2 of 2.0 GB": in the unit of the whole, and as long from beginning to end. */
export function sizeOf(done: number, total: number): string {
  const unit = unitOf(total);
  return `${amount(done, unit)} of ${amount(total, unit)} ${unit.name}`;
}

/** "about 4 minutes left". */
export function timeLeft(seconds: number): string {
  if (seconds < 50) return "less than a minute left";
  const minutes = Math.round(seconds / 60);
  return `about ${minutes < 60 ? plural(minutes, "minute") : plural(Math.round(minutes / 60), "hour")} left`;
}

function unitOf(bytes: number): Unit {
  // What would be rounded up to a unit is said in it.
  return UNITS.find((unit) => bytes >= unit.bytes * 0.9995) ?? BYTES;
}

function amount(bytes: number, unit: Unit): string {
  return (bytes / unit.bytes).toFixed(unit.digits);
}

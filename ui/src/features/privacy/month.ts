/** Months as the ledger has them: "2026-11", by the world's clock. */

export function monthOf(date: Date): string {
  return date.toISOString().slice(0, 7);
}

/** So many months before or after. */
export function beside(month: string, by: number): string {
  const [year = 1970, number = 1] = month.split("-").map(Number);
  return monthOf(new Date(Date.UTC(year, number - 1 + by, 15)));
}

/** "November 2026". */
export function monthName(month: string): string {
  return new Date(`${month}-15T12:00:00Z`).toLocaleDateString("en-GB", { month: "long", year: "numeric" });
}

/** "Nov". */
export function shortMonth(month: string): string {
  return new Date(`${month}-15T12:00:00Z`).toLocaleDateString("en-GB", { month: "short" });
}

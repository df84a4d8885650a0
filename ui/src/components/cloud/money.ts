/** Money as one says it. What nobody knows is never nothing. */
import type { CloudModel, Cost, Price } from "../../backend/client";
import { plural } from "../plural";

const DOLLAR = 1_000_000_000;
/** A page of 300 words is about 400 tokens, so a hundred of them are the 25th part of a million. */
const HUNDRED_PAGES = 25;

/** "$1.24"; below ten cents "$0.0013". Rounded up, so that a little is never nothing. */
export function dollars(nano: number): string {
  if (nano >= DOLLAR / 10) return `$${(Math.ceil(nano / (DOLLAR / 100)) / 100).toFixed(2)}`;
  return short(Math.ceil(nano / (DOLLAR / 10_000)) / 10_000, 4);
}

/** "$0.016": two figures are enough for about. */
function roughly(nano: number): string {
  const amount = nano / DOLLAR;
  return amount >= 1
    ? `$${amount.toFixed(2)}`
    : short(amount, Math.min(8, 1 - Math.floor(Math.log10(Math.max(amount, 1e-7)))));
}

/** Cents have two figures; what is finer has as many as it needs. */
function short(amount: number, digits: number): string {
  return `$${amount.toFixed(Math.max(2, digits)).replace(/(\.\d\d\d*?)0+$/, "$1")}`;
}

/** "≈ $0.0004", "at most $0.02", "free", "cost unknown". */
export function costWords(cost: Cost | null): string {
  const nano = cost?.nanoUsd ?? null;
  if (cost?.known === "free") return "free";
  if (!cost || cost.known === "unknown" || nano === null) return "cost unknown";
  switch (cost.known) {
    case "reported":
      return dollars(nano);
    case "estimatedByProvider":
    case "computed":
      return `≈ ${dollars(nano)}`;
    case "upperBound":
      return `at most ${dollars(nano)}`;
  }
}

/** How that is known. */
export function howKnown(cost: Cost | null): string {
  switch (cost?.known ?? "unknown") {
    case "reported":
      return "as the provider says";
    case "estimatedByProvider":
      return "the provider’s own estimate";
    case "computed":
      return "worked out from the price list";
    case "upperBound":
      return "the most it can have been";
    case "free":
      return "by the provider’s word";
    case "unknown":
      return "nobody said";
  }
}

/** The most that something can cost. */
export function highestWords(nano: number | null): string {
  if (nano === null) return "Unknown: nobody says what this model costs";
  return nano === 0 ? "Nothing: the provider calls it free" : `At most ${dollars(nano)}`;
}

/** "$0.12", "$0.12, price unknown for 2 answers", "price unknown for 2 answers", "nothing". */
export function sumWords({ known, unknownCount }: { known: number; unknownCount: number }): string {
  if (unknownCount === 0) return known === 0 ? "nothing" : dollars(known);
  const unknown = `price unknown for ${plural(unknownCount, "answer")}`;
  return known === 0 ? unknown : `${dollars(known)}, ${unknown}`;
}

/** "About $0.02 to read 100 pages, $0.08 to write them". */
export function priceWords(price: Price | null): string {
  if (price === null) return "Price unknown";
  if (price === "free") return "Free, by the provider’s word";
  return `About ${roughly(price.input / HUNDRED_PAGES)} to read 100 pages, ${roughly(price.output / HUNDRED_PAGES)} to write them`;
}

/** "$0.40 / $2.00": a million tokens read, and written. */
export function exactPrice(price: Price | null): string | null {
  return price === null || price === "free" ? null : `${dollars(price.input)} / ${dollars(price.output)}`;
}

/** The lowest price of a model, where one is known. */
export function lowestPrice({ price, backends }: CloudModel): Price | null {
  const all = [price, ...backends.filter(({ live }) => live).map((backend) => backend.price)].filter(
    (one) => one !== null,
  );
  return all.reduce<Price | null>((low, one) => (low === null || weight(one) < weight(low) ? one : low), null);
}

/** For sorting: what nobody prices comes last. */
export function weight(price: Price | null): number {
  if (price === null) return Number.POSITIVE_INFINITY;
  return price === "free" ? 0 : price.input + price.output;
}

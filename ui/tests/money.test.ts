import { describe, expect, test } from "vitest";
import type { Cost } from "../src/backend/client";
import {
  costWords,
  dollars,
  exactPrice,
  highestWords,
  lowestPrice,
  priceWords,
  sumWords,
} from "../src/components/cloud/money";
import { firstBackend, placeWords, shortModel, splitRoute, withRoute } from "../src/components/cloud/route";
import { LARGE } from "./fakeCloud";

describe("money", () => {
  test.each([
    [1, "$0.0001"],
    [412_000, "$0.0005"],
    [20_000_000, "$0.02"],
    [99_990_000, "$0.10"],
    [123_000_001, "$0.13"],
    [1_240_000_000, "$1.24"],
    [12_000_000_000, "$12.00"],
  ])("%i billionths are %s, rounded up so that a little is never nothing", (nano, words) => {
    expect(dollars(nano)).toBe(words);
  });

  test.each<[Cost | null, string]>([
    [{ known: "reported", nanoUsd: 20_000_000 }, "$0.02"],
    [{ known: "estimatedByProvider", nanoUsd: 20_000_000 }, "≈ $0.02"],
    [{ known: "computed", nanoUsd: 400_000 }, "≈ $0.0004"],
    [{ known: "upperBound", nanoUsd: 20_000_000 }, "at most $0.02"],
    [{ known: "free", nanoUsd: 0 }, "free"],
    [{ known: "unknown", nanoUsd: null }, "cost unknown"],
    [{ known: "unknown", nanoUsd: 0 }, "cost unknown"],
    [{ known: "computed", nanoUsd: null }, "cost unknown"],
    [null, "cost unknown"],
  ])("a cost of %j is said as %s", (cost, words) => {
    expect(costWords(cost)).toBe(words);
  });

  test("what_nobody_knows_is_never_a_sum_of_nothing", () => {
    expect(sumWords({ known: 0, unknownCount: 2 })).toBe("price unknown for 2 answers");
    expect(sumWords({ known: 20_000_000, unknownCount: 1 })).toBe("$0.02, price unknown for 1 answer");
    expect(sumWords({ known: 0, unknownCount: 0 })).toBe("nothing");
    expect(highestWords(null)).not.toContain("$");
    expect(priceWords(null)).toBe("Price unknown");
  });

  test("prices_are_told_by_pages_and_exactly_beside", () => {
    const price = LARGE.backends[0]?.price ?? null;
    expect(priceWords(price)).toBe("About $0.016 to read 100 pages, $0.08 to write them");
    expect(exactPrice(price)).toBe("$0.40 / $2.00");
    expect(exactPrice("free")).toBeNull();
  });

  test("a_very_low_price_is_not_told_as_nothing", () => {
    expect(priceWords({ input: 1_000, output: 20_000 })).not.toMatch(/\$0\.0+ /);
  });

  test("a_backend_that_is_out_of_order_lowers_no_price", () => {
    expect(lowestPrice(LARGE)).toEqual({ input: 400_000_000, output: 2_000_000_000 });
  });
});

describe("a route", () => {
  test("is_what_follows_the_colon_only_where_the_provider_routes", () => {
    expect(splitRoute("org/Large:novita", true)).toEqual({ model: "org/Large", route: "novita" });
    expect(splitRoute("llama3:8b", false)).toEqual({ model: "llama3:8b", route: null });
    expect(withRoute("org/Large", "novita")).toBe("org/Large:novita");
    expect(shortModel("llama3:8b", null)).toBe("llama3:8b");
    expect(shortModel("org/Large:novita", "novita")).toBe("Large");
  });

  test("is_pinned_to_the_cheapest_that_is_in_order_and_has_a_price", () => {
    expect(firstBackend(LARGE)?.name).toBe("novita");
    expect(firstBackend({ ...LARGE, backends: LARGE.backends.toReversed() })?.name).toBe("novita");
  });

  test("by_a_rule_is_said_in_words", () => {
    expect(placeWords({ name: "Hugging Face", route: "cheapest" })).toBe("Hugging Face · whoever is cheapest");
    expect(placeWords({ name: "Mistral", route: null })).toBe("Mistral");
  });
});

/** What is worked out from a copy of the library or of a branch. */
import type { Library, MessageView } from "../backend/client";
import type { Place } from "./state";

/** The project in which the page on show lies, if any. */
export function projectOf(place: Place, library: Library | null): number | null {
  if (place.show !== "page") return null;
  return library?.pages.find((page) => page.id === place.id)?.project ?? null;
}

/** What was read of a branch: its end stays last, and is as it was read with it. */
export function together(others: readonly MessageView[], end: readonly MessageView[]): MessageView[] {
  const known = new Set(end.map(({ id }) => id));
  return [...others.filter(({ id }) => !known.has(id)), ...end];
}

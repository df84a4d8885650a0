/** What is worked out from a copy of the library or of a branch. */
import type { Library, MessageView, TrashKind } from "../backend/client";
import type { Place, State } from "./state";

/** The project in which the page on show lies, if any. */
export function projectOf(place: Place, library: Library | null): number | null {
  if (place.show !== "page") return null;
  return library?.pages.find((page) => page.id === place.id)?.project ?? null;
}

/** The conversation on show, alone or beside a page. */
export function conversationOf(place: Place): number | null {
  if (place.show === "conversation") return place.id;
  return place.show === "page" ? (place.beside ?? null) : null;
}

/** Whether a page is on show that a model's words may be proposed in. */
export function takesProposals({ place, library }: State): boolean {
  const project = projectOf(place, library);
  return place.show === "page" && !(project !== null && library?.handsOff.includes(project));
}

/** Where a conversation is shown: beside the page of its project, where one stood beside it already. */
export function withConversation(place: Place, library: Library | null, id: number, project?: number | null): Place {
  const own = project === undefined ? library?.conversations.find((row) => row.id === id)?.project : project;
  if (place.show === "page" && place.beside === id) return place;
  return place.show === "page" && place.beside !== undefined && own === projectOf(place, library)
    ? { ...place, beside: id }
    : { show: "conversation", id };
}

/** Where a page is shown: beside the conversation that another page of its project stood beside. */
export function withPage(place: Place, library: Library | null, id: number): Place {
  const page = library?.pages.find((one) => one.id === id);
  const stays = place.show === "page" && place.beside !== undefined && page?.project === projectOf(place, library);
  return stays ? { ...place, id } : { show: "page", id };
}

/** What stays on show without these; null: nothing. */
export function without(place: Place, kind: TrashKind["kind"], gone: (id: number) => boolean): Place | null {
  if (place.show === "page" && place.beside !== undefined) {
    const [page, beside] = [kind === "page" && gone(place.id), kind === "conversation" && gone(place.beside)];
    if (page) return { show: "conversation", id: place.beside };
    if (beside) return { show: "page", id: place.id };
  }
  return place.show === kind && gone(place.id) ? null : place;
}

/** What of a place is still there; null: it is not. */
export function stillThere(place: Place | null, library: Library | null): Place | null {
  if (!place || !library || place.show === "nothing") return null;
  if (place.show === "trash") return place;
  const among = { conversation: library.conversations, project: library.projects, page: library.pages }[place.show];
  if (!among.some(({ id }) => id === place.id)) return null;
  if (place.show !== "page" || library.conversations.some(({ id }) => id === place.beside)) return place;
  return { show: "page", id: place.id };
}

/** What was read of a branch: its end stays last, and is as it was read with it. */
export function together(others: readonly MessageView[], end: readonly MessageView[]): MessageView[] {
  const known = new Set(end.map(({ id }) => id));
  return [...others.filter(({ id }) => !known.has(id)), ...end];
}

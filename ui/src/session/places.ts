/** What is worked out from a copy of the library or of a branch. */
import type { Library, MessageView, PageRow, TrashKind } from "../backend/client";
import type { Place, State } from "./state";

/** The project in which the page on show lies, if any. */
export function projectOf(place: Place, library: Library | null): number | null {
  if (place.show === "group") return place.project;
  if (place.show !== "page") return null;
  return library?.pages.find((page) => page.id === place.id)?.project ?? null;
}

/** The pages of a project under one heading, in their order; null: all of its pages. */
export function pagesOf(library: Library | null, project: number | null, part: string | null): PageRow[] {
  return library?.pages.filter((page) => page.project === project && (part === null || page.part === part)) ?? [];
}

interface Group {
  part: string | null;
  name: string;
  /** The page that the user comes from, if any. */
  at: number | undefined;
}

/** What can be read as one from where the user is: the group of the page, and its project; not what is so already. */
export function groupsFrom(place: Place, library: Library | null): Group[] {
  const project = place.show === "project" ? place.id : projectOf(place, library);
  const at = place.show === "page" ? place.id : place.show === "group" ? place.at : undefined;
  const pages = pagesOf(library, project, null);
  const whole = library?.projects.find(({ id }) => id === project)?.name;
  const parts = new Set(pages.filter(({ id }) => at === undefined || id === at).map(({ part }) => part));
  const all: Group[] = [...parts].filter((part) => part !== "").map((part) => ({ part, name: part, at }));
  if (whole !== undefined) all.push({ part: null, name: whole, at });
  const shown = (part: string | null) => place.show === "group" && place.part === part;
  return all.filter(({ part }) => !shown(part) && pagesOf(library, project, part).length > 1);
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
  // Of several pages the others stay.
  if (place.show === "group") return kind === "project" && place.project !== null && gone(place.project) ? null : place;
  return place.show === kind && gone(place.id) ? null : place;
}

/** What of a place is still there; null: it is not. */
export function stillThere(place: Place | null, library: Library | null): Place | null {
  if (!place || !library || place.show === "nothing") return null;
  if (place.show === "trash") return place;
  if (place.show === "group") return pagesOf(library, place.project, place.part).length > 0 ? place : null;
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

/** How freely a model writes, in words. */
import type { Mood } from "../backend/client";
import type { Option } from "./Choice";

export const MOODS: readonly (Option<Mood> & { detail: string })[] = [
  { value: "precise", name: "Precise", detail: "The most expected words: for facts and careful edits." },
  { value: "balanced", name: "Balanced", detail: "For most things." },
  { value: "imaginative", name: "Imaginative", detail: "Less expected words too: for first ideas." },
];

export function moodName(mood: Mood): string {
  return MOODS.find(({ value }) => value === mood)?.name ?? "";
}

/** Whether two phrases are one to the model: it writes neither, in capitals or not. */
export function samePhrase(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}

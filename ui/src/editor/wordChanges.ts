/** What changes between two passages, word by word. */
import { diffArrays } from "diff";

/** What stands there, and what would: the same where nothing changes. */
export interface Piece {
  old: string;
  new: string;
}

const WORD = /[\p{L}\p{N}\p{M}'’_]+|\s+|[\s\S]/gu;

export function changedWords(before: string, after: string): Piece[] {
  const pieces: Piece[] = [];
  for (const { value, added, removed } of diffArrays(before.match(WORD) ?? [], after.match(WORD) ?? [])) {
    const text = value.join("");
    const last = pieces.at(-1);
    if (!added && !removed) pieces.push({ old: text, new: text });
    else if (last && last.old !== last.new) {
      if (removed) last.old += text;
      else last.new += text;
    } else pieces.push(removed ? { old: text, new: "" } : { old: "", new: text });
  }
  return pieces;
}
